"""The exercises of segmentation: `value` for lesson 03a, `groups` for 03b, `cases` for the casebook."""

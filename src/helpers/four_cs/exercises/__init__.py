"""The exercises of 4C to 4P, with a module for the lesson and `cases` for the casebook."""

"""The one error that a reader of a report may see."""


class DataError(ValueError):
    """The input cannot be used as it is.

    The message is one sentence of fact (what, where, how many) and one of
    advice, in words that a non-programmer can act on. The command line prints
    it without a traceback and ends with exit code 2.
    """

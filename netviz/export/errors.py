"""What is raised when a file cannot be made as asked."""


class ExportError(ValueError):
    """A request for a file that cannot be met; its text is one sentence for the one who asked.

    Example:
        >>> from netviz.export import ExportError, check
        >>> try:
        ...     check("film.gif", fps=7)
        ... except ExportError as error:
        ...     print(error)
        7 frames per second: a .gif keeps time only at 10, 12.5, 20 or 25
    """

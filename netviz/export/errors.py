"""What is raised when a file cannot be made as asked."""


class ExportError(ValueError):
    """A request for a file that cannot be met; its text is one sentence for the one who asked."""

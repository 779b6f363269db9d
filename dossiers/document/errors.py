"""Why a document cannot be made. Each names what to change."""


class ContentError(ValueError):
    """The content cannot be printed."""


class UndrawableText(ContentError):
    """No shipped font has a glyph for these characters. `where` names the field."""

    def __init__(self, *, where: str, characters: tuple[str, ...], named: str) -> None:
        super().__init__(f"No font of the document draws {named} in {where}.")
        self.where = where
        self.characters = characters


class UnreadablePicture(ContentError):
    """The bytes of a picture are no picture."""


class TooManyPictures(ContentError):
    """More photos have pictures than a document prints."""


class RenderingFailed(RuntimeError):
    """The typesetter refused or warned: a fault of the template, not of the content."""

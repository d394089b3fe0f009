"""The faces a certificate is set in, and which of them draws which character."""

import functools
import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import uharfbuzz as hb

FONTS_DIR = Path(__file__).with_name("fonts")
MANIFEST = Path(__file__).with_name("fonts.json")

ZERO_WIDTH_JOINERS = frozenset("\u200c\u200d")


class FontsMissing(RuntimeError):
    """A certificate font is not installed; the message names `make assets`, which installs it."""


@dataclass(frozen=True)
class FaceName:
    """A face of the chain: its file, the language whose glyph forms it prefers, its optical scale.

    `scale` brings faces with a larger eye than EB Garamond down (or up) to the same colour on the line.
    """

    file: str
    language: str = "und"
    scale: float = 1.0


ROMAN = FaceName("EBGaramond-Regular.ttf")
ITALIC = FaceName("EBGaramond-Italic.ttf")
CHINESE = FaceName("NotoSerifSC-Regular.ttf", "zh-hans", 0.86)
JAPANESE = FaceName("NotoSerifJP-Regular.ttf", "ja", 0.86)
KOREAN = FaceName("NotoSerifKR-Regular.ttf", "ko", 0.86)
SCRIPTS = (
    FaceName("NotoSerif-Regular.ttf", scale=0.9),
    FaceName("Amiri-Regular.ttf", "ar", 1.08),
    FaceName("NotoSerifHebrew-Regular.ttf", "he", 0.92),
    FaceName("NotoSerifDevanagari-Regular.ttf", "hi", 0.88),
    FaceName("NotoSerifBengali-Regular.ttf", "bn", 0.88),
    FaceName("NotoSansThai-Regular.ttf", "th", 0.86),
    FaceName("NotoSansGeorgian-Regular.ttf", "ka", 0.86),
    FaceName("NotoSansArmenian-Regular.ttf", "hy", 0.86),
    FaceName("NotoSansTamil-Regular.ttf", "ta", 0.82),
    FaceName("NotoSerifTelugu-Regular.ttf", "te", 0.86),
    FaceName("NotoSansKannada-Regular.ttf", "kn", 0.84),
    FaceName("NotoSansMalayalam-Regular.ttf", "ml", 0.8),
    FaceName("NotoSansGujarati-Regular.ttf", "gu", 0.86),
    FaceName("NotoSansGurmukhi-Regular.ttf", "pa", 0.86),
    FaceName("NotoSansSinhala-Regular.ttf", "si", 0.82),
    FaceName("NotoSansKhmer-Regular.ttf", "km", 0.8),
    FaceName("NotoSansLao-Regular.ttf", "lo", 0.86),
    FaceName("NotoSansMyanmar-Regular.ttf", "my", 0.78),
    FaceName("NotoSansEthiopic-Regular.ttf", "am", 0.86),
)


class Face:
    """One font file, mapped into memory once per process."""

    def __init__(self, name: FaceName, path: Path) -> None:
        self.name = name
        self.hb_face = hb.Face(hb.Blob.from_file_path(str(path)))
        self.hb_font = hb.Font(self.hb_face)
        self.unit: float = 1000.0 / self.hb_face.upem
        self.covered = self.hb_face.unicodes

    def __deepcopy__(self, _memo: object) -> "Face":
        # xhtml2pdf copies a frame's story to measure it; the font file stays one.
        return self

    def covers(self, cluster: str) -> bool:
        """Whether every visible character of `cluster` has a glyph here."""
        return all(ord(char) in self.covered for char in cluster if char not in ZERO_WIDTH_JOINERS)


class FontBook:
    """The installed certificate fonts of one folder.

    Raises FontsMissing at once when a file of fonts.json is absent, so that a half-installed set
    never yields a certificate with gaps.
    """

    def __init__(self, directory: Path = FONTS_DIR) -> None:
        self.directory = directory
        self._faces: dict[FaceName, Face] = {}
        wanted = [entry["target"] for entry in json.loads(MANIFEST.read_text("utf-8"))["fonts"]]
        missing = [name for name in wanted if not (directory / name).is_file()]
        if missing:
            raise FontsMissing(
                f"Certificate fonts are missing in {directory}: {', '.join(missing)}. Run `make assets`."
            )

    def face(self, name: FaceName) -> Face:
        """The face of that name, opened on first use."""
        if name not in self._faces:
            self._faces[name] = Face(name, self.directory / name.file)
        return self._faces[name]

    def assign(self, text: str, *, italic: bool = False) -> list[tuple[Face | None, str]]:
        """Cut `text` (NFC, logical order) into stretches drawn by one face each.

        A base letter and its marks stay together. None stands for what no face can draw.
        """
        chain = chain_for(text, italic=italic)
        runs: list[tuple[Face | None, str]] = []
        for cluster in clusters(text):
            previous = runs[-1][0] if runs else None
            if previous is not None and not cluster[0].isalnum() and previous.covers(cluster):
                face: Face | None = previous
            else:
                face = self._first(chain, cluster)
            if runs and runs[-1][0] is face:
                runs[-1] = (face, runs[-1][1] + cluster)
            else:
                runs.append((face, cluster))
        return runs

    def _first(self, chain: tuple[FaceName, ...], cluster: str) -> Face | None:
        for part in (cluster, cluster[0]):
            for name in chain:
                face = self.face(name)
                if face.covers(part):
                    return face
        return None


@functools.cache
def default_book() -> FontBook:
    """The installed fonts, opened once per process. Raises FontsMissing (and asks again next time)."""
    return FontBook()


def chain_for(text: str, *, italic: bool = False) -> tuple[FaceName, ...]:
    """The faces to ask for `text`, first choice first.

    The same Han character is drawn differently in China, Japan and Korea. Kana or Hangul beside it
    tells which is meant; Han alone is drawn the Chinese way.
    """
    if any("\u3040" <= char <= "\u30ff" for char in text):
        east = (JAPANESE, CHINESE, KOREAN)
    elif any("\uac00" <= char <= "\ud7a3" or "\u1100" <= char <= "\u11ff" for char in text):
        east = (KOREAN, CHINESE, JAPANESE)
    else:
        east = (CHINESE, JAPANESE, KOREAN)
    return (ITALIC if italic else ROMAN, *SCRIPTS, *east)


def clusters(text: str) -> list[str]:
    """`text` cut before every character that starts anew: a base with its marks and joiners is one piece."""
    pieces: list[str] = []
    for char in text:
        joins = unicodedata.category(char).startswith("M") or char in ZERO_WIDTH_JOINERS
        if pieces and (joins or pieces[-1][-1] == "\u200d" or conjoins(pieces[-1][-1], char)):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def conjoins(before: str, char: str) -> bool:
    """Whether an Indic virama before `char` binds the two letters into one."""
    return unicodedata.combining(before) == 9 and char.isalpha()

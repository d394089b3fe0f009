"""What lesson text may contain, enforced by nh3 before and after our own changes to it."""

import re

import nh3

_TAG_LIST = """
    a abbr aside audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt
    em figcaption figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q rp rt ruby s samp
    section small source span strong sub summary sup table tbody td tfoot th thead time tr track u ul var
    video wbr"""
_TAGS = set(_TAG_LIST.split())

_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"class", "dir", "id", "lang", "title"},
    "a": {"href", "name"},
    "audio": {"controls", "src"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width"},
    "input": {"checked", "disabled", "type"},
    "li": {"value"},
    "ol": {"reversed", "start"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "track": {"kind", "label", "src", "srclang"},
    "video": {"controls", "height", "poster", "src", "width"},
}

# MathML that our own converter writes; authors write TeX, so none of it survives the first cleaning.
_MATH_LIST = """
    annotation math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms
    mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics"""
_MATH_TAGS = set(_MATH_LIST.split())
_MATH_ATTRIBUTE_LIST = """
    accent accentunder columnspan depth display displaystyle encoding fence form height largeop linethickness
    lspace mathvariant maxsize minsize movablelimits notation rowspan rspace scriptlevel separator stretchy
    symmetric voffset width"""
_MATH_ATTRIBUTES = set(_MATH_ATTRIBUTE_LIST.split())

# What the renderer itself adds after the first cleaning.
_ADDED: dict[str, set[str]] = {
    "*": {"aria-label", "role"},
    "a": {"rel"},
    "div": {"tabindex"},
    "img": {"decoding", "loading", "sizes", "srcset"},
    "pre": {"tabindex"},
    "video": {"preload"},
    "audio": {"preload"},
}

_CLASS_LIST = """align-center align-left align-right callout callout-caution callout-important callout-note
    callout-tip callout-title callout-warning footnote-backref footnote-item footnote-ref footnotes
    footnotes-list link-card math task-list-item"""
_CLASSES = frozenset(_CLASS_LIST.split())
_LANGUAGE_CLASS = re.compile(r"language-[\w+#.-]{1,40}")
_NUMBER = re.compile(r"-?\d{1,5}")
_NUMERIC = frozenset({"colspan", "height", "rowspan", "span", "start", "value", "width"})

# Links with these schemes survive the first cleaning only so that the renderer can name them in its
# report; the last cleaning lets none of them through.
_REPORTED_SCHEMES = {"blob", "data", "file", "ftp", "javascript", "vbscript", "xmpp"}
SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def _keep(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        kept = [c for c in value.split() if c in _CLASSES or (tag == "code" and _LANGUAGE_CLASS.fullmatch(c))]
        return " ".join(kept) or None
    if name == "id":
        return re.sub(r"\s+", "-", value.strip().lower()) or None
    if name == "dir":
        return value if value in {"ltr", "rtl", "auto"} else None
    if name in _NUMERIC:
        return value if _NUMBER.fullmatch(value) else None
    return value


def clean_source(html: str, id_prefix: str) -> str:
    """Author's markup down to the allow-list, balanced; ids get `id_prefix`, so that a heading called
    "Progress" cannot take the place of a part of our page."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep,
        clean_content_tags={"script", "style"},
        url_schemes=SAFE_SCHEMES | _REPORTED_SCHEMES,
        link_rel=None,
        id_prefix=id_prefix,
    )


_FINAL_ATTRIBUTES = {
    tag: _ATTRIBUTES.get(tag, set()) | _ADDED.get(tag, set()) for tag in _ATTRIBUTES | _ADDED
}
_FINAL_ATTRIBUTES |= dict.fromkeys(_MATH_TAGS, _MATH_ATTRIBUTES)
_FINAL_ATTRIBUTES["pre"] = {"tabindex", "data-lang"}


def clean_result(html: str) -> str:
    """The last word over everything rendered, whatever our own steps did to it."""
    return nh3.clean(
        html,
        tags=(_TAGS - {"h1", "input"}) | _MATH_TAGS,
        attributes=_FINAL_ATTRIBUTES,
        clean_content_tags={"script", "style"},
        url_schemes=set(SAFE_SCHEMES),
        link_rel=None,
    )

"""HTML of unknown origin, made harmless: what a notebook may show of it, and nothing that acts, moves or imitates.

nh3 does the work: it parses as browsers do, keeps what is listed here, and drops the rest. What is kept stays within
its own box (`contain` in the page's style), so that it cannot paint over the course's words.
"""

import base64
import binascii
import re
from xml.etree import ElementTree

import nh3
from markupsafe import Markup, escape
from pygments.token import STANDARD_TYPES

__all__ = ["clean", "formula", "image", "plain"]

_BLOCKS = (
    "address blockquote dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr li ol p pre summary ul"
)
_WORDS = "a abbr b br cite code del dfn em i img ins kbd mark q s samp small span strong sub sup u var wbr"
_TABLES = "caption col colgroup table tbody td tfoot th thead tr"
TAGS = set(f"{_BLOCKS} {_WORDS} {_TABLES}".split())
# With their text, which is no text for a reader.
UNREAD = {
    "script",
    "style",
    "svg",
    "math",
    "iframe",
    "object",
    "template",
    "noscript",
    "textarea",
    "title",
    "select",
}
ATTRIBUTES = {
    "*": {"style", "title", "aria-label", "lang", "dir"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "ol": {"start"},
    "details": {"open"},
}
# Nothing that takes an element out of its place, or that loads.
STYLES = {
    "color", "font-family", "font-size", "font-style", "font-weight", "overflow-wrap", "padding", "text-align",
    "text-decoration", "vertical-align", "white-space",
}  # fmt: skip
_CODE = set(filter(None, STANDARD_TYPES.values()))
CLASSES = {"div": {"highlight", "loopready-checks"}, "span": _CODE, "table": {"dataframe"}}
_IMAGE = re.compile(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/=\s]*")


def clean(html: str) -> Markup:
    """`html` with what a notebook may show; no script, handler, style sheet, form, frame, name or foreign address."""
    kept = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=UNREAD,
        attributes=ATTRIBUTES,
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "data"},
        allowed_classes=CLASSES,
        filter_style_properties=STYLES,
    )
    return Markup(kept)


def _kept(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src"):
        return value if _IMAGE.fullmatch(value) else None
    if (tag, attribute) == ("a", "href"):
        # None in this page, whose places are the course's.
        return value if value.startswith(("https://", "http://", "mailto:")) else None
    return value


def image(kind: str, data: str, says: str = "") -> Markup:
    """A picture from its base64 text, or from the text of an SVG, in which no browser runs a script."""
    if kind == "image/svg+xml":
        data = base64.b64encode(data.encode()).decode()
    try:
        data = base64.b64encode(base64.b64decode(data)).decode()
    except (binascii.Error, ValueError):
        return Markup("<p>[a picture that cannot be read]</p>")
    return Markup('<img src="data:{};base64,{}" alt="{}">').format(kind, data, says)


# What latex2mathml makes of the course's formulas; it would also make links.
_MATHS = {
    "math", "mfrac", "mi", "mn", "mo", "mover", "mroot", "mrow", "mspace", "msqrt", "mstyle", "msub", "msubsup",
    "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover",
}  # fmt: skip
_LOOKS = {"columnalign", "display", "displaystyle", "fence", "form", "linethickness", "stretchy", "width"}


def formula(text: str) -> Markup:
    """A displayed formula as MathML, which browsers draw by themselves.

    One that does not come out as plain mathematics stays as it was written.
    """
    from latex2mathml.converter import convert

    try:
        made = ElementTree.fromstring(convert(text, display="block"))
    except Exception:
        # The library's errors have no class in common.
        return _written(text)
    for part in made.iter():
        part.tag = part.tag.rpartition("}")[2]
        part.attrib = {name: value for name, value in part.attrib.items() if name in _LOOKS}
    if any(part.tag not in _MATHS for part in made.iter()):
        return _written(text)
    return Markup(ElementTree.tostring(made, encoding="unicode"))


def _written(text: str) -> Markup:
    return Markup("<code>$${}$$</code>").format(text)


def plain(text: str) -> Markup:
    """The text as it is."""
    return Markup("<pre>{}</pre>").format(escape(text))

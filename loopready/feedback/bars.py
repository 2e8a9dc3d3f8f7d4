"""The figure of a room: what there is, what was earned, and the target, as an SVG that follows the page's colours."""

from markupsafe import Markup

from loopready.feedback.standing import Room

_WIDTH, _HEIGHT = 100, 10


def bar(room: Room) -> Markup:
    """A bar from nothing to all points of the room, with a line at its target; its text is read out."""
    says = f"{room.name}: {room.points:g} of {room.out_of:g} points"
    if room.target is not None:
        says += f", target {room.target:g}"
    drawn = Markup('<rect class="all" width="{}" height="{}"/>').format(_WIDTH, _HEIGHT)
    drawn += Markup('<rect class="have" width="{:.1f}" height="{}"/>').format(
        _WIDTH * min(max(room.share, 0.0), 1.0), _HEIGHT
    )
    if room.target is not None:
        at = round(_WIDTH * room.target / room.out_of, 1)
        drawn += Markup('<line class="aim" x1="{0}" x2="{0}" y1="0" y2="{1}"/>').format(at, _HEIGHT)
    frame = Markup('<svg viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>')
    return frame.format(_WIDTH, _HEIGHT, says, drawn)

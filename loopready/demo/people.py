"""The learners of a demonstration class: fictional people with names from many places."""

import random
import re
import unicodedata
from dataclasses import dataclass

# A name, and after = how its owner writes it in an address where folding its letters would not do.
_GIVEN = """
Amara, Zoë, José, Mei, Łukasz=Lukasz, Priya, Kwame, Ingrid, Ольга=Olga, Tomás, Yuki, Fatima, Søren=Soren, Chidi,
Anaïs, Mateusz, 小雨=Xiaoyu, Aroha, Diego, Nadia, Bjørn=Bjorn, Leilani, 민준=Minjun, Élodie, Rahul, Siobhán, Omar,
Thandiwe, Václav, Ayşe=Ayse, Γιώργος=Giorgos, Marisol, Kenji, Noor, Beatriz, Dmytro, Hana, Şebnem=Sebnem, João,
Adaeze, Luca, Ngọc=Ngoc, Tariq, Maëlle, Ravi, أمينة=Amina, Jürgen=Juergen, Sofía
"""
_FAMILY = """
Okafor, Nguyễn=Nguyen, O'Connor, García, Müller=Mueller, Wiśniewska, Tanaka, van der Berg, Ivanova, Patel, Hassan,
Lindqvist, Þórsdóttir=Thorsdottir, Mensah, Kovačević, Silva e Souza, 王=Wang, Ngata, Fernández López, Haddad, Dvořák,
Kealoha, 김=Kim, D'Angelo, Iyer, Ní Bhriain, Yılmaz=Yilmaz, Dlamini, Öztürk=Oeztuerk, Παπαδοπούλου=Papadopoulou,
Castro "Nino", de la Cruz, Sato, Al-Farsi, Moreau, Шевченко=Shevchenko, Cohen, Åkesson=Akesson, Baptiste, Eze, Rossi,
Trần=Tran, Siddiqui, Lefèvre, Banerjee, Abe; Jr., Groß=Gross, Popescu
"""  # noqa: RUF001


@dataclass(frozen=True)
class Person:
    """A learner: the id by which nbgrader knows them, their names and an address."""

    id: str
    first_name: str
    last_name: str

    @property
    def email(self) -> str:
        """An address that reaches nobody."""
        return f"{self.id}@example.org"


def people(size: int, seed: int) -> list[Person]:
    """As many learners; the first ones of a larger class of the same seed are those of a smaller one.

    An id is plain letters, digits and hyphens. Some names have commas, quotes or letters beyond ASCII.
    """
    given, family = _table(_GIVEN), _table(_FAMILY)
    pairs = [(first, last) for first in given for last in family]
    random.Random(f"people {seed}").shuffle(pairs)
    return [_person(*pairs[number % len(pairs)], number // len(pairs)) for number in range(size)]


def _table(text: str) -> list[tuple[str, str]]:
    """Each name, and how it is written in an address."""
    entries = [" ".join(entry.split()).partition("=") for entry in text.split(",")]
    # A comma between the entries, so a name that has one is written with a semicolon.
    return [(name.replace(";", ","), plain or name) for name, _, plain in entries]


def _person(given: tuple[str, str], family: tuple[str, str], round_: int) -> Person:
    more = f"-{round_ + 1}" if round_ else ""
    return Person(_key(f"{given[1]} {family[1]}") + more, given[0], family[0])


def _key(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", folded.replace("'", "")))

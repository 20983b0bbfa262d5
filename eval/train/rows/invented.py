"""What is made up for a question on metadata: what it calls a paper, and facts as a paper may have them."""

from __future__ import annotations

import random


def called(title: str, dice: random.Random) -> str:
    """What a question calls a paper: the part of its title before a colon, or all of it."""
    head, colon, _ = title.partition(":")
    return head if colon and dice.random() < 0.7 else f"“{title}”" if dice.random() < 0.5 else title


_GIVEN = """Ada Bo Chen Dina Emil Fatima Hana Ivo Jun Karim Lena Mateo Nils Olga Priya Quentin Rosa Sven Tomas Uma
    Wei Xin Yuki Zoe""".split()
_FAMILY = """Abel Brandt Costa Duarte Eriksen Gupta Haddad Ito Jansen Kim Lopez Müller Nguyen Okafor Petrov Rossi
    Sato Tran Weber Zhang""".split()
_MONTHS = "January February March April May June July August September October November December".split()


def invented_facts(dice: random.Random, *, most: int = 2) -> tuple[tuple[str, str], ...]:
    """Facts as the metadata of a paper may have them: (field, sentence), some of the fields."""
    from rag.answers.metadata.facts import authors_fact, count_fact, published_fact

    day = f"on {dice.randint(1, 28)} {dice.choice(_MONTHS)} {dice.randint(1995, 2026)}"
    people = [f"{dice.choice(_GIVEN)} {dice.choice(_FAMILY)}" for _ in range(dice.randint(1, 6))]
    everything = (
        ("published", published_fact(day)), ("author_count", count_fact(dice.randint(1, 30))),
        ("authors", authors_fact(people)),
    )  # fmt: skip
    chosen = dice.sample(range(3), dice.randint(1, most))
    return tuple(everything[n] for n in sorted(chosen))

"""Ways of asking for the papers of people and of the whole library that were heard wrong, and of going on from them."""

# ruff: noqa: E501 -- a row stays together, however long it is

from tests.field.cases_asked import ELSEWHERE, Heard

WINDS = [
    {"title": "WindMap: Mapping Wind on Roofs", "abstract": "WindMap maps wind on 24 flat roofs with cheap sensors. It reaches an error of 0.4 metres a second.", "authors": ["Ida Holm", "Jon Berg"], "published": "2021-04-02"},
    {"title": "Noise of Small Turbines at Night", "abstract": "We measure the noise of 18 small turbines at night. Noise falls by 6 decibels when blades are serrated.", "authors": ["Jon Berg", "Lea Frost"], "published": "2022-02-11"},
    {"title": "SnowGauge: Weighing Snow with Radio", "abstract": "SnowGauge weighs snow on roofs with radio waves. It is within 4% of a scale on 310 days.", "authors": ["Ida Holm", "Lea Frost", "Max Dale"], "published": "2022-09-30", "doi": "10.1000/snow"},
    {"title": "HeatPhone: How Warm Phones Get", "abstract": "HeatPhone predicts how warm a phone gets while it charges. Its error is 0.7 degrees on 40 phones.", "authors": ["Per Holm"], "published": "2023-01-19"},
    {"title": "TurbineNet: Spotting Cracks in Blades", "abstract": "TurbineNet spots cracks in turbine blades from drone photographs. It finds 91% of 640 cracks.", "authors": ["Ida Holm", "Jon Berg"], "published": "2023-08-08"},
    {"title": "SolarBench: A Benchmark for Solar Forecasts", "abstract": "SolarBench holds two years of solar forecasts from 75 farms. Simple persistence is beaten by 12% at most.", "authors": ["Per Holm", "Nina Roos"], "published": "2024-03-03"},
    {"title": "Quiet Rotors for Villages", "abstract": "", "authors": ["Tom Ask"], "published": "2022-05-17"},
    {"title": "When Do We Not Need Taller Masts?", "abstract": "Taller masts yield more wind. On ridges a mast of 40 metres is enough.", "authors": ["Uma Rey", "Jon Berg"]},
]  # fmt: skip

BY_HOLM = "Three papers by Ida Holm: WindMap: Mapping Wind on Roofs (2021) [1], SnowGauge: Weighing Snow with Radio (2022) [2] and TurbineNet: Spotting Cracks in Blades (2023) [3]."
HOLM = ("papers by Ida Holm", BY_HOLM)
PER = (
    "papers by Per Holm",
    "Two papers by Per Holm: HeatPhone: How Warm Phones Get (2023) [1] and SolarBench: A Benchmark for Solar Forecasts (2024) [2].",
)
PHONE = ("What is HeatPhone?", "HeatPhone predicts how warm a phone gets while it charges [1].")
BLADES = (
    "Which papers are about blades?",
    "- TurbineNet: Spotting Cracks in Blades [1]\n- Noise of Small Turbines at Night [2]",
)
NOT_BERG = "Four papers not by Jon Berg: SnowGauge"
THEIRS = "Ida Holm wrote with 3 people: Jon Berg (2 papers) [1][2], Lea Frost (1 paper) [3] and Max Dale (1 paper) [3]."
MOST = "The author of most papers is Jon Berg (4 papers)"
ALL = "The library has 8 papers, 7 of them with a date: SolarBench [1], TurbineNet [2]"

HEARD_OF_PEOPLE = [
    *[Heard(text, NOT_BERG) for text in (
        "papers without Jon Berg", "Which papers are without Jon Berg?", "everything except Jon Berg's papers",
        "Show me papers by anybody but Jon Berg", "all papers but those by Berg", "Which papers has Jon Berg never written?")],
    Heard("need the papers since 2022 that do not mention snow", "Five of the 8 papers are from 1 January 2022 on without a mention of “snow”: Noise"),
    Heard("what did Lea Frost write about snow?", "- SnowGauge: Weighing Snow with Radio [1]"),
    Heard("Could you pull up Frost's snow papers", "- SnowGauge: Weighing Snow with Radio [1]"),
    Heard("which of those have a DOI?", "One of the 2 papers has a DOI: SnowGauge", turn=("papers by Lea Frost", "Two papers by Lea Frost: Noise of Small Turbines at Night (2022) [1] and SnowGauge: Weighing Snow with Radio (2022) [2].")),
    Heard("what else did she write?", "Three papers by Ida Holm: WindMap", turn=("Who is the first author of SnowGauge?", "Ida Holm is the first author of SnowGauge [1].")),
    Heard("papers from 2023 not by Ida Holm", "One paper not by Ida Holm from 2023 (1 more has no date): HeatPhone"),
    Heard("Which papers from 2022 were not written by Jon Berg?", "Two papers not by Jon Berg from 2022: SnowGauge"),
    Heard("Which papers by Ida Holm are not from 2023?", "Two papers by Ida Holm not from 2023: WindMap"),
    Heard("papers by Ida Holm not from 2021 or 2022", "One paper by Ida Holm not from 2021 to 2022: TurbineNet"),
    Heard("Which papers neither Ida Holm nor Jon Berg wrote?", "Three papers not by Ida Holm or Jon Berg: HeatPhone"),
    Heard("papers about blades not by Lea Frost", "- TurbineNet", has_not=("Noise",)),
    *[Heard(text, "Three papers by Ida Holm: WindMap") for text in (
        "Quels articles a écrits Ida Holm ?", "Какие статьи написала Ida Holm?", "Welche Arbeiten hat Ida Holm geschrieben?",
        "¿Qué artículos escribió Ida Holm?")],
    Heard("papers by Ida Holm since 2021 but not from 2022", "Two papers by Ida Holm not from 2022 from 1 January 2021 on: WindMap"),
    Heard("Did Ida Holm not write WindMap?", "Yes: WindMap is by Ida Holm, Jon Berg [1]."),
    Heard("newest paper not by Per Holm", "Of the 5 papers with a date (6 in all), the newest is TurbineNet"),
    *[Heard(text, "Of the 3 papers with a date, the oldest is WindMap, published on 2 April 2021 [1].", has_not=("SnowGauge",)) for text in (
        "the first paper by Ida Holm", "What was Ida Holm's first paper?", "What did Ida Holm write first?")],
    Heard("latest paper by Ida Holm", "Of the 3 papers with a date, the newest is TurbineNet", has_not=("WindMap",)),
    Heard("the first two papers of Ida Holm", "Of the 3 papers with a date, the 2 oldest are WindMap"),
    Heard("papers with Lea Frost as first author", "No paper in the library is by Lea Frost as first author.", abstains=True),
    Heard("papers by Per Holm alone", "One paper by Per Holm with 1 author: HeatPhone"),
    *[Heard(text, THEIRS) for text in (
        "Who are the co-authors of Ida Holm?", "who has Ida Holm written with?", "Who did Ida Holm collaborate with?", "How many co-authors does Ida Holm have?")],
    Heard("Does Tom Ask have co-authors?", "The library names nobody with whom Tom Ask wrote.", abstains=True),
    Heard("Has Per Holm written with Ida Holm?", "No paper in the library is by Per Holm and Ida Holm.", abstains=True),
    *[Heard(text, MOST) for text in ("Who has written the most papers?", "Who is the most prolific author?", "Which author has most papers in the library?")],
    Heard("Who published the most in 2024?", "Each of the 2 authors whom the library names wrote one of its papers from 2024.", abstains=True),
    *[Heard(text, "Two authors are called Holm. Three papers by Ida Holm: WindMap", has="Two papers by Per Holm: HeatPhone") for text in ("PAPERS BY HOLM", "papers by holm")],
    Heard("Which papers did Ida Holm and Lea Frost co-author?", "One paper by Ida Holm and Lea Frost: SnowGauge"),
    Heard("Which people worked with Tom Ask?", "The library names nobody with whom Tom Ask wrote.", abstains=True),
    Heard("Which papers talk about snow but not roofs?", "No paper in the library answers", abstains=True),
    Heard("papers by Holm and Berg", "Two papers by Ida Holm and Jon Berg: WindMap"),
    *[Heard(text, ALL) for text in ("List all papers", "what papers do you have?", "Which papers are in the library?", "Show me everything")],
    *[Heard(text, "Two of the 8 papers have a mention of “blades”:\n- Noise of Small Turbines at Night [1]\n- TurbineNet: Spotting Cracks in Blades [2]") for text in ("How many papers mention blades?", "Which papers contain the word blades?")],
    Heard("Which papers mention blades but are not by Lea Frost?", "One paper not by Lea Frost with a mention of “blades”:\n- TurbineNet: Spotting Cracks in Blades [1]"),
    Heard("Which papers from 2022 do not mention noise?", "Two of the 8 papers are from 2022 without a mention of “noise”: SnowGauge"),
    Heard("How many papers mention quantum?", "None of the 8 papers has a mention of “quantum”.", abstains=True),
    *[Heard(text, "One of the 8 papers is without an abstract: Quiet Rotors for Villages [1].") for text in ("Which papers don't have an abstract?", "How many papers lack an abstract?")],
    Heard("which papers have no date?", "One of the 8 papers is without a date: When Do We Not Need Taller Masts? [1]."),
    Heard("Which papers have a DOI?", "One of the 8 papers has a DOI: SnowGauge [1]."),
    Heard("Which papers have a date but no authors?", "None of the 8 papers is with a date and without authors.", abstains=True),
    Heard("list every paper not from 2022", "Four of the 7 papers are not from 2022: WindMap"),
    Heard("papers with a single author", "Two of the 8 papers whose number of authors is known: HeatPhone"),
    Heard("Is Per Holm or Ida Holm the author of HeatPhone?", "HeatPhone is by Per Holm [1]."),
    Heard("Which papers do not have a good idea?", "The library cannot say which papers do not", abstains=True),
    Heard("What is Quiet Rotors for Villages about?", "Of “Quiet Rotors for Villages” the library has only the title", abstains=True),
    *[Heard(text, ELSEWHERE, abstains=True) for text in (
        "Quels articles parlent de neige ?",
        "Ida Holm写了哪些论文？", "Combien d'articles y a-t-il ?", "Chi ha scritto sulla neve?", "Hvilke artikler handler om støj?")],
    Heard("naïve Bayes classifiers", "No paper in the library mentions Bayes.", abstains=True),
    *[Heard(text, "No paper in the library answers", abstains=True) for text in ("per se evaluation", "de novo protein design")],
    Heard("Which snow papers came out in 2022?", "- SnowGauge: Weighing Snow with Radio [1]"),
    Heard("Which of the Holms works on snow?", "- SnowGauge: Weighing Snow with Radio [1]"),
    Heard("HeatPhoneとは何ですか", "HeatPhone predicts how warm a phone gets while it charges [1]."),
    Heard("what else did its last author write?", "Four papers by Jon Berg: WindMap", turn=("What is WindMap?", "WindMap maps wind on 24 flat roofs with cheap sensors [1].")),
    Heard("And by Lea Frost?", "Two papers by Lea Frost: Noise", turn=HOLM),
    Heard("what about Lea Frost?", "Two papers by Lea Frost: Noise", turn=HOLM),
    Heard("and from 2022?", "One paper by Ida Holm from 2022: SnowGauge", turn=HOLM),
    Heard("only those from 2022", "One paper by Ida Holm from 2022: SnowGauge", turn=HOLM),
    Heard("And in 2023?", "One paper by Ida Holm from 2023: TurbineNet", turn=("What did Ida Holm publish in 2022?", "One paper by Ida Holm from 2022: SnowGauge: Weighing Snow with Radio (2022) [1].")),
    Heard("And Lea Frost?", "No: WindMap is by Ida Holm, Jon Berg [1].", turn=("Did Ida Holm write WindMap?", "Yes: WindMap is by Ida Holm, Jon Berg [1].")),
    Heard("And what did Per Holm write?", "Two papers by Per Holm", turn=BLADES),
    Heard("And about snow?", "- SnowGauge: Weighing Snow with Radio [1]", turn=BLADES),
    Heard("which of them is by Lea Frost?", "One of the 2 papers is by Lea Frost: Noise of Small Turbines at Night [1].", turn=BLADES),
    Heard("And which are not by Lea Frost?", "- TurbineNet: Spotting Cracks in Blades [1]", turn=BLADES, has_not=("Noise",)),
    Heard("How many of them are from 2022?", "One of the 3 papers is from 2022: SnowGauge [1].", turn=HOLM),
    Heard("which of those mention snow?", "One of the 3 papers has a mention of “snow”:\n- SnowGauge: Weighing Snow with Radio [1]", turn=HOLM),
    Heard("which of the two is about phones?", "- HeatPhone: How Warm Phones Get [1]", turn=PER, has_not=("SolarBench",)),
    Heard("which of the two is about penguins?", "None of the 2 papers answers", abstains=True, turn=PER),
    Heard("the one about phones", "HeatPhone", has="HeatPhone predicts how warm a phone gets", turn=PER, has_not=("SolarBench",)),
    Heard("which ones?", "- HeatPhone: How Warm Phones Get [1]\n- SolarBench", turn=PER),
    Heard("how many?", "Two papers by Per Holm", turn=PER),
    Heard("and the oldest?", "Of the 2 papers with a date, the oldest is HeatPhone", turn=PER),
    Heard("when?", "SolarBench was published on 3 March 2024 [1]. HeatPhone was published on 19 January 2023 [2].", turn=PER),
    Heard("when?", "HeatPhone was published on 19 January 2023 [1].", turn=PHONE),
    Heard("who?", "HeatPhone is by Per Holm [1].", turn=PHONE),
    Heard("Why?", "“Why?” alone does not say what is asked.", abstains=True, turn=PHONE),
    Heard("What else did he write?", "Two papers by Per Holm", turn=PHONE),
]  # fmt: skip

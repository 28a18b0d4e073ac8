"""Descriptions and the summary say nothing that two people would read in two ways.

"Works well for most users" is agreed by everyone before the pilot and by no one after it. What can't be counted does
not belong into a contract; the number belongs into `target`. A percentage is a number only with its denominator:
"95% accuracy" leaves open on what, "accuracy of 95% on the held-out invoices" does not.

Fix: replace the words that the message names by what is counted, of what, and how much.
"""

import re
from collections.abc import Iterator

from rules.policy import Policy
from rules.rule import Finding, Severity, bad, good, quote
from rules.values import Path

CODE = "CRI002"
SEVERITY = Severity.WARNING

_LIMIT = 10
"""How many findings one text has at most."""


def check(policy: Policy) -> Iterator[Finding]:
    criteria = policy.criteria or ()
    any_baseline = any(criterion.baseline is not None for criterion in criteria)
    yield from _read(policy.pilot.summary, ("pilot", "summary"), compared=any_baseline)
    for number, criterion in enumerate(criteria):
        at = ("criteria", number, "description")
        yield from _read(criterion.description, at, compared=criterion.baseline is not None)


def _read(text: str | None, at: Path, compared: bool) -> Iterator[Finding]:
    """One finding for each vague thing that the text says; `compared` tells whether a baseline stands beside it."""
    sentences = [_plain(sentence) for sentence in _SENTENCES.split(text or "")]
    messages = list(dict.fromkeys(_messages(sentences, compared)))
    for number, message in enumerate(messages[:_LIMIT], 1):
        more = len(messages) - number if number == _LIMIT else 0
        yield Finding(at, f"{message} (and {more} more in this text)" if more else message)


def _messages(sentences: list[str], compared: bool) -> Iterator[str]:
    # Most say nothing vague, not even in an exact phrase, and need not be searched for one.
    readable = [re.sub(_EXACT, ";", sentence) for sentence in sentences if _suspect(sentence, compared)]
    for sentence in readable:
        for match in re.finditer(_VAGUE, sentence):
            if not (match["degree"] and re.compile(_DEFINED).match(sentence, match.end())):
                yield f"{quote(match[0].lower())} can't be counted: say what is counted, of what, and how much"
    if not compared:
        # One baseline answers all of them: the first will do.
        yield from [message for sentence in readable for message in _changes(re.sub(_VAGUE, ";", sentence))][:1]
    for sentence in sentences:
        yield from _percentages(sentence)


def _suspect(sentence: str, compared: bool) -> bool:
    patterns = (_VAGUE,) if compared else (_VAGUE, _BETTER, _CHANGE)
    return any(re.search(pattern, sentence) for pattern in patterns)


def _changes(sentence: str) -> Iterator[str]:
    for asked, change, stated in (("than", _BETTER, _COMPARED), ("from", _CHANGE, _MEASURED_OUT)):
        match = re.search(change, sentence)
        if match and not re.search(stated, sentence):
            yield f"{quote(match[0])} {asked} what? State today's value as the criterion's `baseline`"


def _percentages(sentence: str) -> Iterator[str]:
    percentages = list(re.finditer(_PERCENTAGE, sentence))
    if not percentages or re.search(_SHARE, sentence):
        return
    measure = re.search(_MEASURE, sentence)
    if measure and (measure["own"] or re.search(_MEASURED_ON, sentence)):
        return
    for match in percentages:
        words = match["words"]
        if match["by"] or match["none"] or re.compile(_DENOMINATOR).match(sentence, match.end()):
            continue
        if match["all"] and re.compile(_THING).match(sentence, match.end()):
            continue
        if measure and measure["name"]:
            advice = f"Say what it is measured on, as in `{measure['name'].lower()} of {words} on 1,500 invoices`"
        else:
            advice = f"Name what is counted, as in `{words} of invoices`"
        yield f"{quote(words)} of what? {advice}"


# A text is read sentence by sentence, as a person does: Markdown's marks are not there, and a hyphen or an underscore
# between two words is a space.

_SENTENCES = re.compile(
    r"(?<=[.!?])\s+(?=[A-Z])(?!(?:Target|Goal|Threshold|Minimum|Maximum|At)\b)|\n\s*[-*+•]\s|\n\s*\n"
)
_AS_TYPED = str.maketrans(
    dict.fromkeys("\u2018\u2019", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013", "-")
    | {"\u2014": " - ", "\uff05": "%"}
    | dict.fromkeys('*~`"[]\u201c\u201d\u201e\u00ab\u00bb\u00ad\u200b')
)
_JOINT = re.compile(r"(?<=[^\W_])[-_]{1,3}(?=[^\W_])|(?<=%)-(?=\w)")
_MARK = re.compile(r"_|(?<!\w)'|'(?!\w)")


def _plain(sentence: str) -> str:
    text = " ".join(sentence.translate(_AS_TYPED).split()).replace(" - ", ", ")
    return " ".join(_MARK.sub("", _JOINT.sub(" ", text)).split())


# The tables that the patterns are built of. A space in a phrase stands for a comma or a bracket, too. Whatever repeats
# is bounded and every phrase begins where a word does, so reading takes time in proportion to the text. The patterns
# stay text until one is used: compiling all of them takes longer than reading a policy, and most texts need a few.

_GAP = r"[),]?\s\(?"
_WORD = r"[\w']{1,40}"


def _words(*tables: str) -> str:
    return "(?:" + "|".join(word for table in tables for word in table.split()) + ")"


def _phrases(*phrases: str) -> str:
    return "(?:" + "|".join(phrase.replace(" ", _GAP) for phrase in phrases) + ")"


def _forms(stems: str) -> str:
    return f"(?:{_words(stems)}(?:e?s?|ed|ing))"


def _whole(*patterns: str) -> str:
    return rf"(?i)(?<!\w)(?:{'|'.join(patterns)})(?!\w)"


_NUMERAL = _words(
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy",
    "eighty ninety hundred",
)
_NUMBER = rf"(?:\d[\d.,]{{0,20}}|{_NUMERAL}\b)"
_BOUND = _phrases(
    "at (?:least|most)", "up to", "(?:less|more|fewer|other) than", "under|over|below|above|within|about", "[<>≤≥=~±]=?"
)
_AMOUNT = rf"(?:{_BOUND}\s?)?{_NUMBER}"
_PERCENT = r"(?:%|(?:percent|per\scent|pct)\b)"
_PEOPLE = _words("users? customers? clients? patients? clinicians? nurses? staff agents? operators? people teams?")
_THE = _words("the its their our your my his her every each this that these those which all both any")
_LINKS = _words(
    "and or but so to for in on at with from of by a an it is are was were be will must not than then if when where",
    "while because during after before until across per under between we they",
)
_CLAUSE_ENDS = rf"(?=[^\w\s]|$|\s\(|\s(?:{_LINKS}|{_THE})\b)"

# "Works well", and all that is said in its stead.
_DOES = _words(
    _forms("work perform behav function operat"),
    "fares? run runs running ran do does did doing done go goes went going gone",
)
_HANDLES = _forms("handl cop scal generalis generaliz answer respond predict rank scor translat summaris fit hold")
_BY_AND_LARGE = _phrases("on the whole", "in general", "by and large", "for the most part", "as a rule", "a lot")
_HOW = _words(
    r"\w{1,30}ly very quite rather fairly pretty so too just even and but always still also much far", _BY_AND_LARGE
)
_FINE = _words(
    "better best fine great okay ok excellently perfectly flawlessly smoothly nicely properly correctly reliably",
    "adequately acceptably poorly badly strongly",
)
_NOT_HOW = _words("when if while because as a an the this that each every per of oil gas water how")
_NOT_WELL = _words("being water known below within above under before over past formed sites? plates? [a-z]{1,20}ed")
_WELL = rf"(?:(?:{_BY_AND_LARGE}|(?!{_NOT_HOW}\b){_WORD}){_GAP}){{0,4}}?well(?!\s{_NOT_WELL}\b)"

# Judgements that nobody can count, unless they are the labels that somebody gives.
_JUDGED = _words(
    "(?:un)?acceptabl[ey] acceptability (?:un)?satisfactor(?:y|ily) appropriate(?:ly)? suitabl[ey] adequate(?:ly)?",
    "sufficient(?:ly)? reasonabl[ey] meaningful(?:ly)? significant(?:ly)? substantial(?:ly)? considerabl[ey]",
    "noticeabl[ey]",
)
_RATED = _phrases(
    "(?:rated|graded|labell?ed|marked|scored|tagged|classified|coded|flagged|annotated)(?: as)?",
    "(?:rates?|grades?|labels?|marks?|scores?|classif(?:y|ies)|flags?) as",
)
_WHEN = _words("as than when where if whenever wherever")
_WISHED = _words("expect(?:s|ed)? hoped? desired anticipate[sd]? advertised")
_NEEDED = _words("appropriate needed necessary required applicable possible feasible suitable intended designed")

# What is measured, and what is said of it.
_MEASURES = "accuracy precision recall sensitivity specificity coverage agreement f1 auc"
_GOODS = _words(
    _MEASURES,
    "quality performance latency availability satisfaction adoption usage throughput uptime costs? time effort",
    r"workload results? answers? experience error\srates? errors?",
)
_MORE = _words("better faster cheaper quicker easier smoother happier")
_SHOWS = _forms("recommend suggest propos find list show select choos pick")

# Phrases in which such words are exact.
_PLURAL = rf"(?:{_words('of part people data staff work')}\b|[a-z]{{1,40}}(?<![us])s\b)"
_EXACT = _whole(
    _phrases(
        "how (?:many|much|often|fast|well|quickly|frequently)",
        f"as (?:many|much|often|fast|quickly|little|few) (?:{_WORD} ){{0,2}}?as(?! possible)",
        "often than",
        "(?:many|one) to many|many to one|few shot|frequently (?:asked|bought)",
        "at (?:the )?most",
        "the most(?=[,;.]|$)",
        f"(?:{_THE}|{_NUMBER}|top|{_WORD}'s) most (?!{_PLURAL})[a-z]{{1,40}}",
        "most (?:recent(?:ly)?|likely|probable|similar|common(?:ly)?|frequent(?:ly)?|expensive|relevant|severe|urgent)",
        "most senior",
        f"majority (?:vot(?:es?|ing)|class|label|rule|opinion|baseline)|majority of (?:the )?{_NUMBER}",
        f"{_RATED} (?:{_WORD} (?:or|and|nor) )?(?:{_JUDGED}|happy|satisfied|reliable|robust|intuitive)",
        f"(?:statistically|clinically) {_JUDGED}",
        r"significant (?:digits?|figures?|bits?|wave|at|\(?p [<=])",
        "acceptable (?:quality (?:limits?|levels?)|daily intake|use policy)",
        "reasonable (?:adjustments?|doubt|assurance)|appropriate use criteria",
        "normally (?:distributed|closed|open)|generally available|generally accepted accounting",
        "too many requests|little endian|happy paths?|or better|better of",
        "todo (?:lists?|items?|entries)|great expectations",
        "fast (?:healthcare|lanes?|track|tracked|food|forward|fourier|moving)",
        "robust (?:standard|regression|covariance|scal(?:er|ing)|z)",
        "minimal(?:ly)? (?:risk|pairs?|residual|important|clinically|invasive)",
        "enhanced due diligence|contrast enhanced",
        rf"{_SHOWS} (?:an? |the )?{_MORE}(?! {_LINKS}\b)(?= \w)",
    )
)

# Degrees. One that says at once what it means, as in "rarely seen (fewer than 50)", can be counted.
_DEGREE = _phrases(
    "fast|quickly|promptly|asap|minimal(?:ly)?|robust(?:ly)?|reliabl[ey]|seamless(?:ly)?|intuitive(?:ly)?|happy",
    "(?:in (?:a|good) )?timely(?: (?:manner|fashion|way))?|(?:in )?near real time",
    "usually|generally|typically|normally|often|sometimes|frequently|occasionally|rarely|seldom|regularly",
    f"mostly|largely|mainly|in general{_CLAUSE_ENDS}",
    r"(?:in )?(?:a )?(?:many|several|various|numerous|some|few|little)(?=\s[a-z])",
    "too (?:much|many|few|long|often|slow|late)|(?:approximately|roughly|about) (?:right|correct)",
    "a (?:lot|handful) of|(?:lots|plenty) of|a (?:large|small|great) (?:number|share|part|proportion|fraction) of",
    r"(?:almost|nearly|virtually|practically|hardly|scarcely|barely) (?:all|always|any|every\w*|ever|never)",
    f"(?:high|low|good|great|strong|excellent|decent|poor) (?:{_PEOPLE} )?{_GOODS}",
    "(?:short|long) (?:waiting|response|handling|cycle|lead|processing) times?",
    f"{_PEOPLE} (?:love|enjoy|like (?:the|it|them|to|using))",
    f"satisfied {_PEOPLE}|{_PEOPLE} (?:is|are|were|will be|feel) satisfied",
)
_DEFINED = rf"(?i)(?:\s{_WORD}){{0,3}}(?:\s\((?:i\.e\.,?\s)?{_AMOUNT}|[:,]\s(?:i\.e\.,?\s)?{_BOUND}\s?{_NUMBER})"

_VAGUE = _whole(
    _phrases(
        f"{_DOES} (?:{_HOW} ){{0,5}}?{_FINE}(?! (?:grained|tun(?:ed|ing)|of|first|case)\\b)",
        f"(?:{_DOES}|{_HANDLES}) {_WELL}",
        f"{_DOES} (?:an?|its) (?:{_HOW} )?(?:good|great|fine|decent|solid) job|{_DOES} like a charm",
        r"as agreed(?=[^\w\s]|$)|(?:is|are|be) (?:very |so )?(?:accurate|precise|stable|good|great)(?! enough)",
        f"as (?:{_WORD} ){{1,3}}as possible",
        "(?:(?:good|well|more than) )?enough|well (?:working|performing|behaved|functioning)",
        f"{_WHEN} (?:(?:is|are|it is|was|one|we|they|you|(?:the )?{_PEOPLE}) )?(?:(?:would|will|should|had|have) )?"
        f"{_WISHED}{_CLAUSE_ENDS}",
        f"{_WHEN} (?:(?:is|are|it is|was|much as|soon as|many as|far as) )?{_NEEDED}(?! (?:by|under|per|according)\\b)"
        f"{_CLAUSE_ENDS}",
        f"{_forms('meet exceed match fulfil surpass')} (?:{_WORD} ){{0,3}}expectations?|expectations",
        f"{_forms('meet')} (?:the |all )?(?:{_WORD} )?needs|(?:for )?the most part|by and large|on the whole",
        "(?:the )?(?:(?:vast|great|large|overwhelming|clear) )?majority|(?:the )?most",
        "high quality|fit for purpose|state of the art|best effort|user friendly|world class|easy to use",
        "cost effective(?:ly)?",
        r"and so on|and the like|etc\b\.?|and/or|n/a|\?{2,9}|x{1,3}\s?%",
        r"t\.?b\.?[adc]\d{0,9}\b\.?|^to do(?=\s?:)|todo|fixme|xxx",
        "to be (?:determined|decided|defined|confirmed|announced|done|discussed|agreed|specified)",
    ),
    rf"(?P<degree>{_DEGREE})",
    _JUDGED,
)

# Changes, which need a value of today, unless the sentence states one.
_LESS = _words("reduc decreas shorten minimis minimiz maximis maximiz boost increas accelerat")
_SAVES = r"(?:saves?\s(?:time|money|costs?|effort)|speeds?\sup)"
_BETTER = _whole(f"(?:improv|enhanc|optimi[sz])(?:e[sd]?|ing|ements?|ations?)|{_MORE}")
_COMPARED = _whole(rf"(?:from|than|today's|today)\s{_AMOUNT}")
_CHANGE = (
    rf"(?i)^{_LESS}(?:es?|s|ing)?\b|^(?:{_LESS}ed|drives?|raises?|lowers?|cuts?|grows?)\s{_GOODS}\b|^{_SAVES}\b"
    rf"|^(?:reduction|decrease|increase)s?\s(?:of|in)\b"
    rf"|\b(?:to|will|must|should)\s(?:{_LESS}e?|{_SAVES})\b|\b(?:reduces|decreases|shortens|boosts|accelerates)\b"
    rf"|^(?:fewer|less|more)\s(?!than\b)[a-z]{{1,40}}|^(?:higher|lower|shorter)\s{_GOODS}\b"
)
_MEASURED_OUT = _whole(rf"(?:from|than|by|to|of|over|under|above|below)\s{_AMOUNT}")

# Percentages, and what says of what they are. "In production" or "of the time" doesn't.
_PERCENTAGE = (
    rf"(?i)(?P<by>\bby\s(?:{_BOUND}\s?)?)?(?<![\w.,])"
    rf"(?P<words>(?:(?P<none>0+(?:[.,]0+)?)|(?P<all>100)|\d+(?:[.,]\d+)*|{_NUMERAL}(?:\s{_NUMERAL})?)\s?{_PERCENT})"
)
_ENDS = r"(?=[^\w\s]|$|\s(?:and|at|by|in|is|on|with)\b)"
_NOTHING = _words(
    r"(?:(?:the|all)\s)?times?\b(?!\s(?:between|that|during|from)\b) (?:production|practice|example|instance)\b",
    rf"(?:general|total|average){_ENDS} (?:the|our|this)\s(?:model|system|pilot|tool|assistant){_ENDS}",
    r"(?:the\s)?(?:first|last|next)\s(?:\d+\s)?(?:days?|weeks?|months?|quarter|year)\b (?:q\d|weeks?|months?|days?)\b",
    rf"{_words(_MEASURES)}\b (?:{_BOUND}\s?)?[\d.,]{{1,20}}\s?{_PERCENT}",
)
_STATISTIC = _words(
    "intervals? bounds? limits? levels? significance confidence percentile quantile probability ci points?",
)
_WHICH = _words(r"prediction confidence credible tolerance significance upper lower (?:one|two)\ssided")
_PART = _words(r"holdout held\sout canary rollout sample split discount vat tax deposit solution saline")
_DIFFERENCE = _words("reduction increase decrease drop rise fewer less more lower higher shorter faster cheaper")
_DENOMINATOR = (
    rf"(?i)(?:{_GAP}(?:and|or|to)\s(?:{_NUMBER}\s?{_PERCENT}|\w{{1,40}})){{0,3}}{_GAP}(?:out\s)?"
    rf"(?:of\s(?!{_NOTHING})|per\s(?!{_WORD}\s{_words(_MEASURES)}\b)|{_NUMBER}\s(?:out\s)?of\b)"
    rf"|\s(?:{_WHICH}\s){{0,3}}{_STATISTIC}\b|\s(?:{_PART}|{_DIFFERENCE})\b"
)
_THING = rf"(?i)\s(?!{_words(_MEASURES)}\b|{_LINKS}\b)\w"
_SHARE = _whole(
    rf"(?:share|proportion|fraction|percentage|portion|ratio|rate)s?\s(?:of\s(?!{_NOTHING})\w+|at\swhich)",
    rf"^(?:out\s)?of\s(?!{_NOTHING})\w+|among\s\w+",
)
_OWN = _words(
    r"[sw]{0,2}mape wer cer (?:word|character)\serror\srate uptime availability slo sla utili[sz]ation occupancy cpu",
    "gpu humidity moisture oee apr",
)
_MEASURE = _whole(rf"(?P<own>{_OWN})|(?P<name>{_words(_MEASURES)}|error(?:\srate)?)|errors|rates?")
_MEASURED_ON = _whole(
    rf"(?:on|for|over|in|across|among|against|between|from|of(?!\s(?:{_BOUND}\s?)?\d))\s(?!{_NOTHING})\w+"
)


EXAMPLES = [
    good(
        """
        pilot:
          name: invoice-triage
          summary: Sorts supplier invoices into the queue that pays them.
          stage: pilot
          start: 2026-11-02
        criteria:
          - {id: accuracy, description: Share of invoices routed to the right queue.}
          - {id: latency, description: Takes at most 2 s for the most recent invoice.}
          - {id: rework, description: "Improves on today's rework, 13 % of invoices.", baseline: 0.13}
          - {id: interval, description: Lower end of the 95% confidence interval.}
          - {id: similar, description: How often the right case is among the three most similar cases.}
          - {id: recall, description: Recall of at least 95 % on the held-out invoices.}
          - {id: uptime, description: Uptime of 99.5%.}
          - {id: drop, description: "Handling time falls by 20%, with 0 % lost letters and 100% human review."}
          - {id: rare, description: Rarely seen suppliers (fewer than 50 invoices) are routed within 2 s.}
        """
    ),
    bad(
        """
        criteria:
          - id: accuracy
            description: The model works well for most invoices.
        """,
        at="criteria[0].description",
        says="`works well` can't be counted",
    ),
    bad(
        "criteria: [{description: It worked really well.}]",
        at="criteria[0].description",
        says="`worked really well`",
    ),
    bad(
        'criteria: [{description: "Works, on the whole, *well*"}]',
        at="criteria[0].description",
        says="`works, on the whole, well`",
    ),
    bad("criteria: [{description: Done when it works-well}]", at="criteria[0].description", says="`works well`"),
    bad("criteria: [{description: As users expect.}]", at="criteria[0].description", says="`as users expect`"),
    bad("criteria: [{description: Most are right.}]", at="criteria[0].description", says="`most`"),
    bad("criteria: [{description: Latency is acceptable.}]", at="criteria[0].description", says="`acceptable`"),
    bad("criteria: [{description: Routes as expected}]", at="criteria[0].description", says="`as expected`"),
    bad(
        "criteria: [{description: Asks a human where appropriate}]",
        at="criteria[0].description",
        says="`where app",
    ),
    bad("criteria: [{description: Target TBD}]", at="criteria[0].description", says="`tbd`"),
    bad("criteria: [{description: 95% accuracy}]", at="criteria[0].description", says="`95%` of what?"),
    bad(
        "criteria: [{description: Error rate of at most 5%}]",
        at="criteria[0].description",
        says="as in `error rate of 5% on 1,500 invoices`",
    ),
    bad(
        "criteria: [{description: Right in 95% of the time}]",
        at="criteria[0].description",
        says="as in `95% of invoices`",
    ),
    bad("criteria: [{description: Reduce cost}]", at="criteria[0].description", says="`Reduce` from what?"),
    bad(
        "criteria: [{description: Improved routing}]",
        at="criteria[0].description",
        says="`Improved` than what?",
    ),
    bad(
        "pilot: {name: triage, summary: Makes routing better., stage: pilot, start: 2026-11-02}",
        at="pilot.summary",
        says="`better` than what?",
    ),
]

"""The stock of story patterns in English."""

from storyroom.tools.story_patterns import Genre, Pattern, Stock

STOCK = Stock(
    clocks={"short": "one night", "half_hour": "three days", "one_hour": "one winter"},
    names=(
        ("Ada", "she"),
        ("Tom", "he"),
        ("Nora", "she"),
        ("Victor", "he"),
        ("Iris", "she"),
        ("Jonas", "he"),
        ("Ruth", "she"),
        ("Omar", "he"),
        ("Lena", "she"),
        ("Samir", "he"),
        ("Mei", "she"),
        ("Frank", "he"),
    ),
    openings=(
        "With {rest} on everybody's mind, ",
        "In the shadow of {rest}, ",
        "While all the talk is of {rest}, ",
    ),
    patterns=(
        Pattern(
            "the secret",
            "What {lead} Knew",
            "{lead}, [role], is the only one who knows the truth about {first}.",
            "{She} has {clock} to warn everyone about {second}, but {other}, [other_role], "
            "will not allow it, because {he}<why>",
            "Then {lead} finds out that<truth>",
            "In the end {she}<end>",
        ),
        Pattern(
            "the bargain",
            "The Price",
            "{other}, [other_role], offers {lead}, [role], a bargain over {first}.",
            "{lead} has {clock} to decide, and would have to give up {second}, which is hard "
            "because {she}<why>",
            "Then {lead} learns that {other}<truth>",
            "In the end {lead} says no and<end>",
        ),
        Pattern(
            "the accused",
            "{clock_title}",
            "{lead}, [role], is blamed for what happened to {first}.",
            "{She} has {clock} to find the guilty one, but {other}, [other_role], is hiding "
            "what links {her} to {second}, because {he}<why>",
            "Then {lead} finds out that {other}<truth>",
            "In the end {lead} could walk free, but {she}<end>",
        ),
        Pattern(
            "the return",
            "The One Who Came Back",
            "{other}, [other_role], comes back after ten years and asks {lead}, [role], about {first}.",
            "{lead} has sworn never to speak of {second} again, because {she}<why>",
            "Then {other} admits that {he}<truth>",
            "In the end {lead} forgives {him} and<end>",
        ),
        Pattern(
            "the impostor",
            "Another Name",
            "{lead}, [role], lives under a false name, and only {first} could give {her} away.",
            "{other}, [other_role], has come to ask about {second} and suspects {her}, because {he}<why>",
            "Then {lead} finds out that {other}<truth>",
            "In the end {lead} says {hers} real name and<end>",
        ),
        Pattern(
            "the rescue",
            "Before Morning",
            "{lead}, [role], has {clock} to save what is left of {first}.",
            "{other}, [other_role], has the only way to reach {second} and will not help, because {he}<why>",
            "Then {lead} finds out that<truth>",
            "In the end {lead} goes alone and<end>",
        ),
        Pattern(
            "the message",
            "The Letter",
            "A letter about {first} reaches {lead}, [role], by mistake.",
            "It was meant for {other}, [other_role], who wants it burned together with every "
            "trace of {second}, because {he}<why>",
            "Then {lead} reads the last line and learns that {other}<truth>",
            "In the end {lead} keeps the letter and<end>",
        ),
        Pattern(
            "the rivals",
            "Only One",
            "{lead}, [role], and {other}, [other_role], are both after {first}, and only one "
            "of them can win.",
            "{lead} would do anything for {second}, because {she}<why>",
            "Then {lead} finds out that {other}<truth>",
            "In the end {lead} lets {him} win and<end>",
        ),
        Pattern(
            "the locked room",
            "The Locked Door",
            "{lead}, [role], and {other}, [other_role], are locked in for {clock} and cannot "
            "leave {first} alone.",
            "{lead} wants the truth about {second}, and {other} will not tell it, because {he}<why>",
            "Then {other} finally says that {he}<truth>",
            "In the end the door opens, and {lead}<end>",
        ),
        Pattern(
            "the believer",
            "The Last Believer",
            "{lead}, [role], is the last one who still believes in {first}.",
            "{other}, [other_role], has {clock} to make {her} forget {second}, because {he}<why>",
            "Then {other} sees with {his} own eyes that<truth>",
            "In the end {other} takes {hers} side and<end>",
        ),
    ),
    genres={
        "science fiction": Genre(
            ("science fiction", "science-fiction", "sci-fi", "scifi", "sf", "space opera", "cyberpunk"),
            (
                "a radio operator",
                "a ship's doctor",
                "a pilot without a licence",
                "a translator",
                "a mechanic",
            ),
            (
                "the commander of the station",
                "an officer of the fleet",
                "the ship's engineer",
                "a scientist",
            ),
        ),
        "mystery": Genre(
            ("mystery", "crime", "detective", "thriller", "noir", "spy", "suspense"),
            ("a night clerk", "a retired detective", "a court typist", "a locksmith", "a witness"),
            ("the chief of police", "a lawyer", "the owner of the hotel", "a judge"),
        ),
        "romance": Genre(
            ("romance", "love story", "romantic", "romantic comedy"),
            ("a piano tuner", "a nurse on the night shift", "a baker", "a language teacher", "a florist"),
            ("an old love", "the best friend of the bride", "a famous singer", "the new neighbour"),
        ),
        "comedy": Genre(
            ("comedy", "sitcom", "farce", "satire"),
            ("a wedding planner", "a bad waiter", "a landlord", "a failed magician", "a tour guide"),
            ("the boss of the wedding band", "the health inspector", "a rich relative", "the mayor"),
        ),
        "horror": Genre(
            ("horror", "ghost story", "supernatural", "zombie"),
            ("a caretaker", "a night nurse", "a gravedigger", "a schoolteacher", "a piano student"),
            ("the village priest", "the owner of the house", "an old doctor", "the only survivor"),
        ),
        "fantasy": Genre(
            ("fantasy", "fairy tale", "magic", "sword and sorcery"),
            ("a bell ringer", "a healer", "a map maker", "a royal cook", "a blacksmith"),
            ("the king's adviser", "a fallen knight", "the keeper of the gate", "an old magician"),
        ),
        "history": Genre(
            ("history", "historical", "period", "costume drama", "western"),
            ("a court scribe", "a letter carrier", "a healer", "a stable hand", "a printer"),
            ("the governor", "a rich merchant", "a captain of the guard", "a foreign envoy"),
        ),
        "war": Genre(
            ("war", "war story", "military"),
            ("a field doctor", "a young soldier", "a telegraph operator", "a truck driver", "a cook"),
            ("a general", "a prisoner", "the officer in command", "a war reporter"),
        ),
        "drama": Genre(
            ("drama", "family drama", "family", "workplace", "medical drama", "coming of age"),
            ("a ferry captain", "a schoolteacher", "a young doctor", "a carpenter", "a shopkeeper"),
            (
                "the eldest of the family",
                "the owner of the shop",
                "a cousin who was thought dead",
                "a neighbour",
            ),
        ),
    },
)

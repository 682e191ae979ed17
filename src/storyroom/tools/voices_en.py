"""The stock of voices, situations and feelings in English."""

from storyroom.tools.stock import Occasion, Stock, Voice

STOCK = Stock(
    voices=(
        Voice(("hero", "heroine", "brave"), "plain and direct", ("Put it down. I will not ask twice.",)),
        Voice(
            ("villain", "cruel", "evil", "ruthless"),
            "polite and never in a hurry",
            ("I have waited years for this. I can wait a little longer.", "Do sit. You came all this way."),
        ),
        Voice(("proud", "arrogant", "vain"), "looks down on people", ("I do not beg. Not from you.",)),
        Voice(
            ("short sentences", "blunt", "laconic", "curt"), "short sentences", ("No. Not now.", "Leave it.")
        ),
        Voice(
            ("long sentences", "talkative", "rambling"),
            "long sentences that lose their way",
            ("If I had known then what I know now, and I did not, I would have come by the other road.",),
        ),
        Voice(
            ("funny", "joker", "jokes", "ironic", "sarcastic", "witty"),
            "jokes first",
            ("I had a plan. It was a very good plan. It fell into the water.",),
        ),
        Voice(("shy", "quiet", "timid"), "begins and breaks off", ("I only thought... It can wait.",)),
        Voice(("cold", "distant", "calm"), "without a feeling in it", ("That is not my concern.",)),
        Voice(("angry", "hot-tempered", "furious"), "loud", ("How dare you say that to me!",)),
        Voice(("kind", "gentle", "warm"), "soft, asks after people", ("Sit down. You look tired.",)),
        Voice(
            ("old", "wise", "mentor"),
            "slow, from long experience",
            ("I have buried better plans than this.",),
        ),
        Voice(("child", "boy", "girl", "young"), "asks about everything", ("Why is it so dark in there?",)),
        Voice(
            ("clever", "genius", "cunning"),
            "sees three steps ahead",
            ("You came by the river. Your shoes are wet.",),
        ),
        Voice(("tired", "sad", "lonely", "grieving"), "flat, says little", ("It does not matter any more.",)),
        Voice(("liar", "charming", "flirt", "thief"), "flatters", ("Would I lie to you? Today, I mean.",)),
        Voice(("soldier", "loyal", "dutiful"), "answers as to an order", ("I gave my word, and I keep it.",)),
        Voice(("nervous", "afraid", "anxious"), "hears things", ("Did you hear that? We should go.",)),
        Voice(("rich", "greedy", "merchant"), "weighs everything", ("Everything has a price. Name it.",)),
        Voice(("detective", "police", "officer", "inspector"), "asks", ("Where were you last night?",)),
        Voice(("doctor", "scientist", "engineer"), "exact", ("The figures do not lie. People do.",)),
        Voice(
            ("king", "queen", "commander", "boss", "general"),
            "gives orders",
            ("You will speak when I ask you.",),
        ),
        Voice(
            ("lover", "wife", "husband", "jealous"), "remembers every word", ("I kept all of your letters.",)
        ),
    ),
    plain=("I heard you the first time.", "Tell me what you want."),
    occasions=(
        Occasion(
            ("duel", "fight", "swords"),
            "ext",
            "Courtyard",
            ("the sword", "the white glove", "the first blow"),
        ),
        Occasion(
            ("interrogation", "questioning", "confession"),
            "int",
            "Interview Room",
            ("the photograph", "the empty chair", "the missing hour"),
        ),
        Occasion(
            ("break-up", "breakup", "divorce", "separation"),
            "int",
            "Kitchen",
            ("the suitcase", "the ring", "the last ten years"),
        ),
        Occasion(
            ("farewell", "departure", "goodbye"),
            "ext",
            "Platform",
            ("the last train", "the letter", "the promise"),
        ),
        Occasion(("wedding",), "int", "Chapel", ("the ring", "the guests", "the empty seat")),
        Occasion(("funeral", "wake"), "int", "Parlour", ("the coffin", "the flowers", "the will")),
        Occasion(
            ("dinner", "meal", "supper"), "int", "Dining Room", ("the empty plate", "the wine", "the bill")
        ),
        Occasion(("trial", "court"), "int", "Courtroom", ("the verdict", "the witness", "the oath")),
        Occasion(("robbery", "heist", "theft"), "int", "Vault", ("the safe", "the alarm", "the other key")),
        Occasion(
            ("reunion", "return"), "int", "Hall", ("the old photograph", "the locked room", "the letter")
        ),
        Occasion(("chase", "escape"), "ext", "Alley", ("the wall", "the dogs", "the way out")),
        Occasion(
            ("negotiation", "deal", "bargain"), "int", "Office", ("the contract", "the price", "the deadline")
        ),
    ),
    place=("int", "Room", ("the door", "the truth", "the last chance")),
    time="NIGHT",
    act="a scene of its own",
    beat="{names} face each other. It is {what}.",
    there="There are {things} here.",
    feeling="{who} full of {feeling}, {strength} of 1. Show it in what is said and what is not.",
    everybody="Everybody is",
    person="{} is",
    emotions={name: name for name in ("anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral")},
    speaking=(
        "sentence",
        "speak",
        "talk",
        "voice",
        "whisper",
        "accent",
        "stutter",
        "mumbl",
        "shout",
        "slang",
        "words",
    ),
)

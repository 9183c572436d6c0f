/** The guide's niches: YouTube's category, words that find them (the first finds all), subjects of titles. */
export interface Niche {
  name: string;
  categoryId: string;
  words: readonly string[];
  subjects: readonly string[];
}

const niche = (name: string, categoryId: string, words: string, subjects: string): Niche => ({
  name,
  categoryId,
  words: words.split(" "),
  subjects: subjects.split(", "),
});

export const NICHES: readonly Niche[] = [
  niche(
    "tech",
    "28",
    "tech technology gadget gadgets smartphone phone laptop review reviews unboxing software programming ai pc computer android",
    "foldable phone, budget laptop, home server, camera drone, mechanical keyboard, smart watch, graphics card, e-reader",
  ),
  niche(
    "gaming",
    "20",
    "gaming game games gameplay gamer minecraft fortnite playthrough esports speedrun walkthrough streamer",
    "hardest boss, secret level, survival base, speedrun, co-op night, ranked climb, retro console, hidden ending",
  ),
  niche(
    "education",
    "27",
    "education educational science history math maths physics learn learning explained lesson tutorial study documentary",
    "black holes, Roman roads, prime numbers, tectonic plates, the human eye, grammar, game theory, the periodic table",
  ),
  niche(
    "entertainment",
    "24",
    "entertainment comedy vlog challenge prank movie movies celebrity show funny reaction podcast",
    "24 hour challenge, blind taste test, worst hotel, surprise party, street interview, giant maze, movie recap, duel",
  ),
  niche(
    "beauty",
    "26",
    "beauty makeup skincare hair fashion cosmetics nails style grwm haircare lipstick",
    "skincare routine, drugstore haul, wedding look, curly hair, five minute makeup, capsule wardrobe, nail art, perfume",
  ),
  niche(
    "news",
    "25",
    "news politics headlines world breaking report journalism daily economy election",
    "election night, climate talks, interest rates, border deal, budget vote, storm damage, court ruling, trade summit",
  ),
];

/** Titles; `{s}` is the subject, `{n}` a number. */
export const TITLES = [
  "I tried the {s} for {n} days",
  "The truth about the {s}",
  "{n} things nobody tells you about the {s}",
  'Why everybody is "wrong" about the {s}',
  "{s}: what happened next & why it matters",
  "Is the {s} worth it? ({n} weeks later)",
  "The {s} - explained in {n} minutes",
  "WE NEED TO TALK ABOUT THE {s} 😱",
] as const;

/** Languages of channels that are not English, with a country and a title each. */
export const FOREIGN = [
  { language: "es", country: "MX", title: "Todo sobre {s}: {n} cosas que no sabías" },
  { language: "hi", country: "IN", title: "{s} की पूरी सच्चाई ({n})" },
  { language: "pt", country: "BR", title: "{s}: {n} segredos que ninguém conta" },
  { language: "de", country: "DE", title: "{s}: {n} Dinge, die keiner weiß" },
  { language: "ja", country: "JP", title: "{s} を{n}日間試してみた" },
] as const;

export const FIRST_NAMES = "Northern Bright Daily Hidden Open Quiet Rapid Silver Twin Urban Vivid Wild".split(" ");
export const LAST_NAMES = "Lab Corner House Studio Room Garage Circle Report Club Bureau Works Academy".split(" ");

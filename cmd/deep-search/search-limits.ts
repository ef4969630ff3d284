/** So long, and over so many states, goes a deep search. */
export const deepSearch = { mostMs: 60_000, mostStates: 10_000_000 };

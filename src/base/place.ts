/**
 * Where a value stands in the spec: the keys and indexes from the top of the document, for example
 * `['processes', 'api', 'with', 0]`. It is part of every planned thing, so that the last rule and the
 * running engine can still point at line and column; a locator turns it into a source range on demand.
 */
export type Place = readonly (string | number)[];

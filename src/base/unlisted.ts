/** The number of a question that is never listed, because it does not wait. */
export const unlisted = 0;

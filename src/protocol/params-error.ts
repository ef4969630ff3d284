/** What is wrong with the parameters of a call; caught where they are read, and nowhere else. */
export class ParamsError extends Error {}

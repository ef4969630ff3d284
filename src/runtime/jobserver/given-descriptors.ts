/**
 * By which descriptors mpctl gives a jobserver to what it starts. A shell knows one digit for a descriptor; low ones are taken by
 * others, and 9 by the shells of slots.
 */
export const givenDescriptors = { read: 7, write: 8 } as const;

/** As MAKEFLAGS has them. */
export const givenDescriptorsAuth = `${String(givenDescriptors.read)},${String(givenDescriptors.write)}`;

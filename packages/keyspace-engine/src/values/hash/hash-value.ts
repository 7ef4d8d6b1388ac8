/** The hash value of an entry. */
export {};

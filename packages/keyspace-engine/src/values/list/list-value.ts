/** The list value of an entry. */
export {};

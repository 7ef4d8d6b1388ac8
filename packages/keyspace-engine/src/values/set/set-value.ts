/** The set value of an entry. */
export {};

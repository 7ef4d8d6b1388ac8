/** The sorted-set value of an entry. */
export {};

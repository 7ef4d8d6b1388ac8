/** The stream value of an entry. */
export {};

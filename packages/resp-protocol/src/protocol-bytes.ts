/**
 * The bytes that RESP is written with, by the names of their characters.
 *
 *     PLUS simple string    MINUS error         COLON integer     DOLLAR bulk string    STAR array
 *     UNDERSCORE null       HASH boolean        COMMA double      OPENING big number    BANG bulk error
 *     EQUALS verbatim       PERCENT map         TILDE set         GREATER push          BAR attributes
 *
 * One object, from which each file takes what it needs into constants of its own: V8 puts the value of such a constant into the code,
 * and reads that of an imported one from memory each time.
 */
export const PROTOCOL_BYTES = {
  LF: 10,
  CR: 13,
  SPACE: 32,
  BANG: 33,
  HASH: 35,
  DOLLAR: 36,
  PERCENT: 37,
  OPENING: 40,
  STAR: 42,
  PLUS: 43,
  COMMA: 44,
  MINUS: 45,
  ZERO: 48,
  NINE: 57,
  COLON: 58,
  EQUALS: 61,
  GREATER: 62,
  QUESTION: 63,
  UNDERSCORE: 95,
  BAR: 124,
  TILDE: 126,
} as const;

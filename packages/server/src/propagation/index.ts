export { ANY_DATABASE } from "./feed.ts";
export type { PropagationFeed } from "./feed.ts";
export { addFeed, Propagation, removeFeed } from "./propagation.ts";
export type { PropagatedWord } from "./propagation.ts";

export { distanceMeters } from "./distance.ts";
export { isScorable, placeOfScore, scoreOfPlace, standardGeohash } from "./geohash.ts";
export type { Coordinates } from "./geohash.ts";
export { box, circle, distanceWithin, searchRanges } from "./search-area.ts";
export type { ScoreRange, SearchShape } from "./search-area.ts";

/**
 * Geohashes as Redis scores them: the world from -180 to 180 degrees east and from -85.05112878 to 85.05112878 degrees north
 * (the square of the Web Mercator projection) is halved 26 times in both directions, and the bits of the two cell numbers are
 * woven together, longitude first:
 *
 *     score, 52 bits:   lon25 lat25 lon24 lat24 ... lon0 lat0
 *
 * so that places near each other mostly have scores near each other. A coordinate on the upper border has cell number 2^26, one
 * bit too many; Redis keeps that bit, and so does this. A score is a double: at or beyond 2^53 its last bits are rounded off.
 */
export const LONGITUDE_LIMIT = 180;
export const LATITUDE_LIMIT = 85.05112878;
/** Halvings in each direction behind a score. */
export const FULL_STEPS = 26;

const HALF_BITS = 26;
const HALF = 2 ** HALF_BITS;
const HALF_MASK = HALF - 1;
/** Cell bits of each direction that lie in the lower half of a score. */
const LOW_CELL_BITS = 13;
const LOW_CELL_MASK = (1 << LOW_CELL_BITS) - 1;
const SAFE_LIMIT = 2 ** 53;
const UINT32 = 2 ** 32;
/** The latitudes of standard geohashes go to the poles. */
const STANDARD_LATITUDE_LIMIT = 90;
const STANDARD_ALPHABET = "0123456789bcdefghjkmnpqrstuvwxyz";
const STANDARD_BITS_PER_LETTER = 5;
const STANDARD_SIGNIFICANT_LETTERS = 10;

/** A place, in degrees. */
export interface Coordinates {
  longitude: number;
  latitude: number;
}

/** False outside of what can be scored; the poles are. */
export function isScorable(longitude: number, latitude: number): boolean {
  return Math.abs(longitude) <= LONGITUDE_LIMIT && Math.abs(latitude) <= LATITUDE_LIMIT;
}

/** The score of a scorable place. O(1). */
export function scoreOfPlace(longitude: number, latitude: number): number {
  return scoreOfCell(
    cellNumber(longitude, LONGITUDE_LIMIT, FULL_STEPS),
    cellNumber(latitude, LATITUDE_LIMIT, FULL_STEPS),
    0,
  );
}

/** Number of the cell in [-limit, limit] cut into 2^steps, from 0; 2^steps for the upper border itself. */
export function cellNumber(degrees: number, limit: number, steps: number): number {
  // Subtract, divide, multiply, in this order: the last bit depends on it.
  return Math.trunc(((degrees - -limit) / (limit - -limit)) * 2 ** steps);
}

/** The two cell numbers woven together, plus `increment` (0, or 1 for the first score behind the cell). */
export function scoreOfCell(longitudeCell: number, latitudeCell: number, increment: number): number {
  const high = weave(longitudeCell >>> LOW_CELL_BITS, latitudeCell >>> LOW_CELL_BITS);
  const low = weave(longitudeCell & LOW_CELL_MASK, latitudeCell & LOW_CELL_MASK);
  return high * HALF + (low + increment);
}

function weave(longitudeBits: number, latitudeBits: number): number {
  return (spread(longitudeBits) << 1) | spread(latitudeBits);
}

/** The lower 16 bits, each followed by a zero above it. */
function spread(bits: number): number {
  let result = (bits | (bits << 8)) & 0x00ff00ff;
  result = (result | (result << 4)) & 0x0f0f0f0f;
  result = (result | (result << 2)) & 0x33333333;
  return (result | (result << 1)) & 0x55555555;
}

/** Every second bit, from bit 0. */
function gather(bits: number): number {
  let result = bits & 0x55555555;
  result = (result | (result >>> 1)) & 0x33333333;
  result = (result | (result >>> 2)) & 0x0f0f0f0f;
  result = (result | (result >>> 4)) & 0x00ff00ff;
  return (result | (result >>> 8)) & 0xffff;
}

/** Puts the middle of the cell of a score into `out`. Takes any double, as a sorted set may hold any. O(1). */
export function placeOfScore(score: number, out: Coordinates): void {
  if (!(score >= 0 && score < SAFE_LIMIT)) return placeOfOddScore(score, out);
  const high = Math.floor(score / HALF);
  const low = Math.floor(score) - high * HALF;
  out.longitude = middleOf((gather(high >>> 1) << LOW_CELL_BITS) | gather(low >>> 1), LONGITUDE_LIMIT);
  out.latitude = middleOf((gather(high) << LOW_CELL_BITS) | gather(low), LATITUDE_LIMIT);
}

/** Scores that no place has: their conversion to 64 bits is that of x86-64. */
function placeOfOddScore(score: number, out: Coordinates): void {
  const bits = unsigned64(score);
  const high = Number(bits >> 32n) | 0;
  const low = Number(bits & 0xffffffffn) | 0;
  out.longitude = middleOf(gather(high >>> 1) * 65536 + gather(low >>> 1), LONGITUDE_LIMIT);
  out.latitude = middleOf(gather(high) * 65536 + gather(low), LATITUDE_LIMIT);
}

function unsigned64(score: number): bigint {
  if (score >= 2 ** 64) return 0n;
  if (score < -(2 ** 63)) return 2n ** 63n;
  return BigInt.asUintN(64, BigInt(Math.trunc(score)));
}

function middleOf(cell: number, limit: number): number {
  // The number of the next cell is one of 32 bits.
  const next = cell + 1 === UINT32 ? 0 : cell + 1;
  const middle = (cellEdge(cell, limit, FULL_STEPS) + cellEdge(next, limit, FULL_STEPS)) / 2;
  return Math.max(-limit, Math.min(limit, middle));
}

/** Degrees where a cell begins. */
export function cellEdge(cell: number, limit: number, steps: number): number {
  return -limit + (cell / 2 ** steps) * (limit - -limit);
}

/** The standard geohash (geohash.org) of a score: ten letters, and a zero for the bits that a score has not. */
export function standardGeohash(score: number): string {
  placeOfScore(score, place);
  const longitudeCell = cellNumber(place.longitude, LONGITUDE_LIMIT, FULL_STEPS);
  const latitudeCell = cellNumber(place.latitude, STANDARD_LATITUDE_LIMIT, FULL_STEPS);
  const high = weave(longitudeCell >>> LOW_CELL_BITS, latitudeCell >>> LOW_CELL_BITS);
  const low = weave(longitudeCell & LOW_CELL_MASK, latitudeCell & LOW_CELL_MASK) & HALF_MASK;
  let text = "";
  for (let letter = 1; letter <= STANDARD_SIGNIFICANT_LETTERS; letter++) {
    const shift = 2 * HALF_BITS - letter * STANDARD_BITS_PER_LETTER;
    const bits = shift >= HALF_BITS ? high >>> (shift - HALF_BITS) : (high << (HALF_BITS - shift)) | (low >>> shift);
    text += STANDARD_ALPHABET.charAt(bits & 31);
  }
  return `${text}0`;
}

const place: Coordinates = { longitude: 0, latitude: 0 };

/**
 * Which ranges of scores can hold the places inside a circle or a box: the cell around the centre and its eight neighbours, in cells
 * just large enough that nine of them cover the shape, less those that the shape cannot reach.
 *
 *     6 1 5      0 centre, 1 north, 2 south, 3 east, 4 west, then the corners: the order in which
 *     4 0 3      Redis walks them, and so the order of replies that are not sorted.
 *     8 2 7
 */
import { distanceMeters, EARTH_RADIUS_METERS, latitudeDistanceMeters } from "./distance.ts";
import { cellEdge, cellNumber, FULL_STEPS, LATITUDE_LIMIT, LONGITUDE_LIMIT, scoreOfCell } from "./geohash.ts";

/** What is searched: all lengths in meters; a circle has width and height of its diameter. */
export interface SearchShape {
  isCircle: boolean;
  longitude: number;
  latitude: number;
  /** Of a circle. */
  radiusMeters: number;
  /** Half the sides of a box. */
  halfWidthMeters: number;
  halfHeightMeters: number;
  /** From the middle of a box to its corners. */
  cornerMeters: number;
}

/** Scores from `first` to before `end`. */
export interface ScoreRange {
  first: number;
  end: number;
}

/** Half the circumference of the Mercator square, in meters. */
const MERCATOR_HALF_METERS = 20037726.37;
const RADIANS_PER_DEGREE = Math.PI / 180;
/** Offsets of the nine cells, in their order: east, then north. */
const EAST = [0, 0, 0, 1, -1, 1, -1, 1, -1];
const NORTH = [0, 1, -1, 0, 0, 1, 1, -1, -1];

interface Bounds {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** A circle. */
export function circle(longitude: number, latitude: number, radiusMeters: number): SearchShape {
  return {
    isCircle: true,
    longitude,
    latitude,
    radiusMeters,
    halfWidthMeters: radiusMeters,
    halfHeightMeters: radiusMeters,
    cornerMeters: radiusMeters,
  };
}

/** A box whose sides follow meridians and parallels; lengths in a unit of `metersPerUnit`. */
export function box(
  longitude: number,
  latitude: number,
  width: number,
  height: number,
  metersPerUnit: number,
): SearchShape {
  const [halfWidth, halfHeight] = [width / 2, height / 2];
  return {
    isCircle: false,
    longitude,
    latitude,
    radiusMeters: 0,
    halfWidthMeters: metersPerUnit * halfWidth,
    halfHeightMeters: metersPerUnit * halfHeight,
    cornerMeters: Math.sqrt(halfWidth * halfWidth + halfHeight * halfHeight) * metersPerUnit,
  };
}

/** Meters from the middle of the shape to a place inside of it, -1 for a place outside. */
export function distanceWithin(shape: SearchShape, longitude: number, latitude: number): number {
  if (!shape.isCircle) {
    if (latitudeDistanceMeters(latitude, shape.latitude) > shape.halfHeightMeters) return -1;
    if (distanceMeters(longitude, latitude, shape.longitude, latitude) > shape.halfWidthMeters) return -1;
    return distanceMeters(shape.longitude, shape.latitude, longitude, latitude);
  }
  const meters = distanceMeters(shape.longitude, shape.latitude, longitude, latitude);
  return meters > shape.radiusMeters ? -1 : meters;
}

/** The score ranges to look through, up to nine, in order. */
export function searchRanges(shape: SearchShape): ScoreRange[] {
  const bounds = boundsOf(shape);
  let steps = estimateSteps(shape.cornerMeters, shape.latitude);
  if (steps > 1 && !neighboursCover(shape, bounds, steps)) steps--;
  return rangesAt(shape, bounds, steps);
}

function boundsOf(shape: SearchShape): Bounds {
  const { longitude, latitude } = shape;
  const north = shape.halfHeightMeters / EARTH_RADIUS_METERS / RADIANS_PER_DEGREE;
  // The side nearer to the pole spans more degrees.
  const widest = latitude < 0 ? latitude - north : latitude + north;
  const east = shape.halfWidthMeters / EARTH_RADIUS_METERS / Math.cos(widest * RADIANS_PER_DEGREE) / RADIANS_PER_DEGREE;
  return { west: longitude - east, south: latitude - north, east: longitude + east, north: latitude + north };
}

/** How often the world may be halved so that a cell is still about as large as the shape; fewer near the poles. */
function estimateSteps(radiusMeters: number, latitude: number): number {
  if (radiusMeters === 0) return FULL_STEPS;
  let steps = 1;
  for (let meters = radiusMeters; meters < MERCATOR_HALF_METERS; meters *= 2) steps++;
  steps -= 2;
  if (Math.abs(latitude) > 66) steps--;
  if (Math.abs(latitude) > 80) steps--;
  return Math.max(1, Math.min(FULL_STEPS, steps));
}

function neighboursCover(shape: SearchShape, bounds: Bounds, steps: number): boolean {
  const longitudeCell = cellNumber(shape.longitude, LONGITUDE_LIMIT, steps);
  const latitudeCell = cellNumber(shape.latitude, LATITUDE_LIMIT, steps);
  return !(
    cellEdge(moved(latitudeCell, 1, steps) + 1, LATITUDE_LIMIT, steps) < bounds.north ||
    cellEdge(moved(latitudeCell, -1, steps), LATITUDE_LIMIT, steps) > bounds.south ||
    cellEdge(moved(longitudeCell, 1, steps) + 1, LONGITUDE_LIMIT, steps) < bounds.east ||
    cellEdge(moved(longitudeCell, -1, steps), LONGITUDE_LIMIT, steps) > bounds.west
  );
}

/** The number of a neighbouring cell, round the world. */
function moved(cell: number, by: number, steps: number): number {
  return by === 0 ? cell : (cell + by) & (2 ** steps - 1);
}

function rangesAt(shape: SearchShape, bounds: Bounds, steps: number): ScoreRange[] {
  const longitudeCell = cellNumber(shape.longitude, LONGITUDE_LIMIT, steps);
  const latitudeCell = cellNumber(shape.latitude, LATITUDE_LIMIT, steps);
  const isReached = reachable(bounds, longitudeCell, latitudeCell, steps);
  const ranges: ScoreRange[] = [];
  // At one step the neighbours on both sides are the same cell. Only a cell that is alike the one before is left out, and
  // never one alike the centre: this is how Redis counts.
  let lastNeighbour: ScoreRange | null = null;
  for (let at = 0; at < EAST.length; at++) {
    if (!isReached(EAST[at], NORTH[at])) continue;
    const range = rangeOf(moved(longitudeCell, EAST[at], steps), moved(latitudeCell, NORTH[at], steps), steps);
    if (lastNeighbour !== null && lastNeighbour.first === range.first) continue;
    ranges.push(range);
    if (at > 0) lastNeighbour = range;
  }
  return ranges;
}

/** Whether a neighbour can hold anything; large cells are not judged. */
function reachable(
  bounds: Bounds,
  longitudeCell: number,
  latitudeCell: number,
  steps: number,
): (east: number, north: number) => boolean {
  if (steps < 2) return () => true;
  const noSouth = cellEdge(latitudeCell, LATITUDE_LIMIT, steps) < bounds.south;
  const noNorth = cellEdge(latitudeCell + 1, LATITUDE_LIMIT, steps) > bounds.north;
  const noWest = cellEdge(longitudeCell, LONGITUDE_LIMIT, steps) < bounds.west;
  const noEast = cellEdge(longitudeCell + 1, LONGITUDE_LIMIT, steps) > bounds.east;
  return (east, north) =>
    !((noSouth && north < 0) || (noNorth && north > 0) || (noWest && east < 0) || (noEast && east > 0));
}

function rangeOf(longitudeCell: number, latitudeCell: number, steps: number): ScoreRange {
  const scale = 4 ** (FULL_STEPS - steps);
  return {
    first: scoreOfCell(longitudeCell, latitudeCell, 0) * scale,
    end: scoreOfCell(longitudeCell, latitudeCell, 1) * scale,
  };
}

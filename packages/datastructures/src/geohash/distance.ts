/**
 * Distances on a sphere by the haversine formula, with the radius and in the order of operations of Redis, so that the results are
 * the same to the last digit that is shown.
 */
export const EARTH_RADIUS_METERS = 6372797.560856;
const RADIANS_PER_DEGREE = Math.PI / 180;

/** Meters between two places given in degrees. */
export function distanceMeters(longitude1: number, latitude1: number, longitude2: number, latitude2: number): number {
  const v = Math.sin((longitude2 * RADIANS_PER_DEGREE - longitude1 * RADIANS_PER_DEGREE) / 2);
  if (v === 0) return latitudeDistanceMeters(latitude1, latitude2);
  const radians1 = latitude1 * RADIANS_PER_DEGREE;
  const radians2 = latitude2 * RADIANS_PER_DEGREE;
  const u = Math.sin((radians2 - radians1) / 2);
  const a = u * u + Math.cos(radians1) * Math.cos(radians2) * v * v;
  return 2 * EARTH_RADIUS_METERS * Math.asin(Math.sqrt(a));
}

/** Meters between two latitudes on one meridian. */
export function latitudeDistanceMeters(latitude1: number, latitude2: number): number {
  return EARTH_RADIUS_METERS * Math.abs(latitude2 * RADIANS_PER_DEGREE - latitude1 * RADIANS_PER_DEGREE);
}

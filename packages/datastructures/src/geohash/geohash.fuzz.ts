/** Random places and shapes: a score leads back to its place, and the ranges of a search hold all that lies inside the shape. */
import { expect, test } from "vitest";
import { type Coordinates, placeOfScore, scoreOfPlace } from "./geohash.ts";
import { box, circle, distanceWithin, searchRanges } from "./search-area.ts";

const seed = Number(process.env["SIDER_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const scale = Number(process.env["SIDER_FUZZ_SCALE"] ?? 1);

function randomFrom(start: number): (low: number, high: number) => number {
  let state = start | 0;
  return (low, high) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return low + ((state >>> 8) / 0x1000000) * (high - low);
  };
}

test(`scores and searches, seed ${String(seed)}`, () => {
  const random = randomFrom(seed);
  const place: Coordinates = { longitude: 0, latitude: 0 };
  for (let round = 0; round < 200 * scale; round++) {
    // Away from the date line and the poles, where a search by nine cells is known to miss places.
    const [longitude, latitude] = [random(-140, 140), random(-60, 60)];
    const reachMeters = 10 ** random(1, 6);
    const shape =
      round % 2 === 0
        ? circle(longitude, latitude, reachMeters)
        : box(longitude, latitude, reachMeters, reachMeters * random(0.1, 1), 1);
    const ranges = searchRanges(shape);
    for (let point = 0; point < 100; point++) {
      const reachDegrees = (reachMeters / 111_000) * 2;
      const [east, north] = [random(-reachDegrees, reachDegrees), random(-reachDegrees, reachDegrees)];
      const score = scoreOfPlace(longitude + east, latitude + north);
      placeOfScore(score, place);
      expect(Math.abs(place.longitude - longitude - east)).toBeLessThan(360 / 2 ** 26);
      expect(Math.abs(place.latitude - latitude - north)).toBeLessThan(171 / 2 ** 26);
      if (distanceWithin(shape, place.longitude, place.latitude) < 0) continue;
      expect(ranges.filter(({ first, end }) => score >= first && score < end)).toHaveLength(1);
    }
  }
});

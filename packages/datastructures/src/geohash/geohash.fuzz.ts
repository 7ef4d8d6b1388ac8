/** Random places and shapes: a score leads back to its place, and the ranges of a search hold all that lies inside the shape. */
import { expect, test } from "vitest";
import { fuzzScale, fuzzSeed, randomFrom } from "../testing/fuzzing.ts";
import { type Coordinates, placeOfScore, scoreOfPlace } from "./geohash.ts";
import { box, circle, distanceWithin, searchRanges } from "./search-area.ts";

function fractions(start: number): (low: number, high: number) => number {
  const random = randomFrom(start);
  return (low, high) => low + (random(2 ** 24) / 2 ** 24) * (high - low);
}

test(`scores and searches, SIDER_SEED=${String(fuzzSeed)}`, () => {
  const random = fractions(fuzzSeed);
  const place: Coordinates = { longitude: 0, latitude: 0 };
  for (let round = 0; round < 200 * fuzzScale; round++) {
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

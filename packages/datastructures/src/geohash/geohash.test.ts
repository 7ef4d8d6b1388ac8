import { describe, expect, test } from "vitest";
import { type Coordinates, isScorable, placeOfScore, scoreOfPlace, standardGeohash } from "./geohash.ts";
import { distanceMeters } from "./distance.ts";
import { box, circle, distanceWithin, searchRanges } from "./search-area.ts";

const palermo = { longitude: 13.361389, latitude: 38.115556, score: 3479099956230698, standard: "sqc8b49rny0" };
const catania = { longitude: 15.087269, latitude: 37.502669, score: 3479447370796909, standard: "sqdtr74hyu0" };

function placeOf(score: number): Coordinates {
  const place = { longitude: 0, latitude: 0 };
  placeOfScore(score, place);
  return place;
}

describe("scores", () => {
  test.each([palermo, catania])("of known places: $score", ({ longitude, latitude, score, standard }) => {
    expect(scoreOfPlace(longitude, latitude)).toBe(score);
    expect(standardGeohash(score)).toBe(standard);
    expect(placeOf(score).longitude).toBeCloseTo(longitude, 5);
    expect(placeOf(score).latitude).toBeCloseTo(latitude, 5);
  });

  test("of the borders", () => {
    expect(scoreOfPlace(-180, -85.05112878)).toBe(0);
    // The cell behind the last one, which is kept.
    expect(scoreOfPlace(180, -85.05112878)).toBe(2 ** 53);
    expect(scoreOfPlace(-180, 85.05112878)).toBe(2 ** 52);
    expect(isScorable(180, 85.05112878)).toBe(true);
    expect(isScorable(180.1, 0)).toBe(false);
    expect(isScorable(0, -86)).toBe(false);
    expect(isScorable(NaN, 0)).toBe(false);
  });

  test.each([-1, -1.5, 2 ** 60, 2 ** 70, -(2 ** 70), Infinity, -Infinity, 0.5])(
    "a score of %d is some place",
    (score) => {
      const { longitude, latitude } = placeOf(score);
      expect(isScorable(longitude, latitude)).toBe(true);
    },
  );
});

test("distance between two known places", () => {
  const [from, to] = [placeOf(palermo.score), placeOf(catania.score)];
  expect(distanceMeters(from.longitude, from.latitude, to.longitude, to.latitude).toFixed(4)).toBe("166274.1516");
});

describe("search", () => {
  test("a circle leaves out neighbours that it does not reach, and has its centre in the first range", () => {
    const shape = circle(13.361389, 38.115556, 1000);
    const ranges = searchRanges(shape);
    expect(ranges.length).toBeLessThan(9);
    expect(palermo.score).toBeGreaterThanOrEqual(ranges[0].first);
    expect(palermo.score).toBeLessThan(ranges[0].end);
  });

  test("the whole world is four ranges that do not overlap", () => {
    const ranges = searchRanges(circle(0, 0, 1e9)).sort((a, b) => a.first - b.first);
    expect(ranges.map(({ first, end }) => [first / 2 ** 50, end / 2 ** 50])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
  });

  test("a box is measured along meridians and parallels", () => {
    const shape = box(0, 0, 200, 100, 1000);
    expect(distanceWithin(shape, 0, 0.44)).toBeGreaterThan(48_000);
    expect(distanceWithin(shape, 0, 0.46)).toBe(-1);
    expect(distanceWithin(shape, 0.89, 0)).toBeGreaterThan(98_000);
    expect(distanceWithin(shape, 0.91, 0)).toBe(-1);
  });
});

/** Scores, places, distances and search areas; for comparing one version with the next (vitest reaches imports through getters). */
import { bench } from "vitest";
import { circle, distanceMeters, placeOfScore, scoreOfPlace, searchRanges } from "./index.ts";

const place = { longitude: 0.5, latitude: 0.5 };
/** Keeps results alive. */
const kept = new Float64Array(1);

bench("score 1000 places and back", () => {
  for (let number = 0; number < 1000; number++) {
    placeOfScore(scoreOfPlace(number * 0.17, number * 0.08), place);
    kept[0] += place.longitude;
  }
});

bench("1000 distances", () => {
  for (let number = 0; number < 1000; number++) kept[0] += distanceMeters(13.4, 52.5, number * 0.17, number * 0.08);
});

bench("the ranges of a circle of 10 km", () => {
  kept[0] += searchRanges(circle(13.4, 52.5, 10_000)).length;
});

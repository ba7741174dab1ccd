import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Sightings } from './ui/pages/organizer/sightings.ts';

/** Shows frames to the camera, 200 ms apart. @returns the codes taken from each. */
function film(frames: readonly (readonly string[])[]): string[][] {
  const sightings = new Sightings();
  return frames.map((codes, index) => sightings.look(codes, index * 200));
}

const frames = (count: number, ...codes: string[]) => Array.from({ length: count }, () => codes);

describe('a code in front of the camera', () => {
  test('is taken once, however long it is held there', () => {
    assert.deepEqual(film(frames(300, 'A')).flat(), ['A']);
  });

  test('is not taken again after frames in which it was not recognized', () => {
    const shaky = Array.from({ length: 50 }, () => [...frames(1, 'A'), ...frames(5)]).flat();
    assert.deepEqual(film(shaky).flat(), ['A']);
  });

  test('is taken anew after it was in no frame for a second', () => {
    assert.deepEqual(film([...frames(20, 'A'), ...frames(6), ...frames(20, 'A')]).flat(), ['A', 'A']);
  });

  test('is not taken again when the camera gave no frames for a while', () => {
    const sightings = new Sightings();
    assert.deepEqual(sightings.look(['A'], 0), ['A']);
    assert.deepEqual(sightings.look([], 200), []);
    assert.deepEqual(sightings.look(['A'], 60_000), []);
  });

  test('does not keep others from being taken, next to it or after it', () => {
    const taken = film([...frames(3, 'A'), ...frames(3, 'A', 'B', 'B'), ...frames(10, 'B'), ...frames(3, 'C', 'A')]);
    assert.deepEqual(taken.flat(), ['A', 'B', 'C', 'A']);
  });
});

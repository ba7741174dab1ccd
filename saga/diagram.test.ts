import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stateDiagram, stateTable } from './diagram.ts';
import { defineSaga } from './table.ts';

const errand = defineSaga({
  asking: { number: 1, action: 'ask', accepted: 'done', refused: 'undoing', cancel: 'undoing' },
  done: { number: 2 },
  undoing: { number: -10, action: 'undo', accepted: 'gone', refused: 'never' },
  gone: { number: -1 },
});

test('a diagram has an arrow for each reply and each cancellation, and an end for each settled state', () => {
  assert.equal(
    stateDiagram(errand),
    `stateDiagram-v2
    [*] --> asking
    asking --> done: ask accepted
    asking --> undoing: ask refused
    asking --> undoing: cancel
    undoing --> gone: undo accepted
    done --> [*]
    gone --> [*]`,
  );
});

test('a table has a row for each state, in the order of the saga', () => {
  assert.equal(
    stateTable(errand),
    `| state   | number | action | accepted → | refused → | cancel → |
| ------- | ------ | ------ | ---------- | --------- | -------- |
| asking  | 1      | ask    | done       | undoing   | undoing  |
| done    | 2      |        |            |           |          |
| undoing | -10    | undo   | gone       | never     |          |
| gone    | -1     |        |            |           |          |`,
  );
});

import { expect, it } from 'vitest';
import { piecesOf } from './mentions';

const id = 'disclosure-4oymiquy7qobjgx36tejs35zeq';

it('links what an alarm names, for members of the case', () => {
  expect(piecesOf(`The recipient of the bundle ${id} differs`, { casePath: '/cases/case-a' })).toEqual([
    { text: 'The recipient of the bundle ' }, { text: id, path: `/cases/case-a/disclosure/${id}` }, { text: ' differs' },
  ]);
  expect(piecesOf('intake-4oymiquy7qobjgx36tejs35zeq', { casePath: '/cases/case-a' })).toEqual([
    { text: 'intake-4oymiquy7qobjgx36tejs35zeq', path: '/cases/case-a/evidence/deliveries/intake-4oymiquy7qobjgx36tejs35zeq' },
  ]);
});

it('links nothing for others', () => {
  expect(piecesOf(`The bundle ${id}`, {})).toEqual([{ text: `The bundle ${id}` }]);
});

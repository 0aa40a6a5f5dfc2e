import { describe, expect, it } from 'vitest';
import type { Entry } from '../api/types';
import { signatureOf } from './signedBy';

describe('signatureOf', () => {
  const ida = { id: 'p-1', name: 'Ida Vance' };
  const machine = { id: 'service:worker', name: 'Sealcase worker', service: true };
  const by = (actor: Entry['actor'], key?: string, size?: number) =>
    signatureOf({ actor, ...(key && { signature: { key, sig: 'x', ...(size && { size }) } }) });
  it.each([
    ['a person', by(ida, 'a.example/person/p-1/v1+0a1b2c3d'), 'self', 'own key 0a1b2c3d'],
    ['the worker, alone', by(machine, 'a.example/worker/v1+ffff0000'), 'worker', 'worker ffff0000'],
    ['the worker, many at once', by(machine, 'a.example/worker/v1+ffff0000', 1200), 'worker', 'worker, batch of 1,200'],
    ['nobody', by(ida), 'nobody', 'not signed'],
    ['another person', by(ida, 'a.example/person/p-2/v1+0a1b2c3d'), 'stranger', "another's key 0a1b2c3d"],
    ['the worker in a person\'s name', by(ida, 'a.example/worker/v1+ffff0000'), 'stranger', "another's key ffff0000"],
    ['a person in the machine\'s name', by(machine, 'a.example/person/p-1/v1+0a1b2c3d'), 'stranger', "another's key 0a1b2c3d"],
    ['a key that says nothing', by(ida, 'whatever'), 'stranger', "another's key whatever"],
  ])('%s', (_, look, who, label) => {
    expect(look).toMatchObject({ by: who, label });
    expect(look.meaning).not.toBe('');
  });
});

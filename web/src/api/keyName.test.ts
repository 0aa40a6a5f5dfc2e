import { describe, expect, it } from 'vitest';
import { readKeyName } from './keyName';

describe('readKeyName', () => {
  it.each([
    ['agency.example/log/v1+0a1b2c3d', { role: 'log', version: 'v1', hash: '0a1b2c3d' }],
    ['agency.example/east/seal/v12+0a1b2c3d+AQID', { role: 'seal', version: 'v12', hash: '0a1b2c3d' }],
    ['agency.example/worker/v2+0a1b2c3d', { role: 'worker', version: 'v2', hash: '0a1b2c3d' }],
    ['agency.example/person/1f-2/v1+0a1b2c3d', { role: 'person', person: '1f-2', version: 'v1', hash: '0a1b2c3d' }],
    ['agency.example/person/log/v1+0a1b2c3d', { role: 'person', person: 'log', version: 'v1', hash: '0a1b2c3d' }],
  ])('%s', (id, want) => {
    expect(readKeyName(id)).toEqual(want);
  });

  it.each(['', 'log/v1+0', 'agency.example/logs/v1+0', 'agency.example/person/v1+0', 'agency.example/log/v0+0', 'agency.example/log+0'])('%s is no key of ours', (id) => {
    expect(readKeyName(id)).toBeUndefined();
  });
});

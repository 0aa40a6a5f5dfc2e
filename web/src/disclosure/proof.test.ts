import { expect, it } from 'vitest';
import { registeredIn } from './proof';

const checkpoint = `agency.example/register\n7\nqINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=\n\n— court ${btoa(`keyi${'\0'.repeat(8)}${'s'.repeat(64)}`)}\n`;

it('reads where a proof says that a disclosure is registered', () => {
  const found = registeredIn(JSON.stringify({ type: 'sealcase/proof/v2', register: { checkpoint, timestamps: ['AA=='] } }));
  expect(found).toMatchObject({ timestamps: 1, checkpoint: { size: 7, cosigned: [{ by: 'court', at: '1970-01-01T00:00:00.000Z' }] } });
});

it.each(['', '{}', 'null', '{"type":"sealcase/proof/v2"}', '{"register":{}}', '{"register":{"checkpoint":"x"}}', '{"register":{"checkpoint":7}}'])('%j is not in the register', (proof) => {
  expect(registeredIn(proof)).toBeUndefined();
});

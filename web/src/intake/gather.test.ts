import { describe, expect, it } from 'vitest';
import { fromDrop, fromInput } from './gather';

interface Tree { [name: string]: Tree | string }

function entry(name: string, node: Tree | string): unknown {
  if (typeof node === 'string') return { name, isFile: true, isDirectory: false, file: (ok: (file: File) => void) => { ok(new File([node], name)); } };
  const children = Object.entries(node).map(([child, below]) => entry(child, below));
  return {
    name, isFile: false, isDirectory: true,
    // As browsers do: a few at a time, then nothing.
    createReader: () => ({ readEntries: (ok: (some: unknown[]) => void) => { ok(children.splice(0, 2)); } }),
  };
}

function drop(tree: Tree): DataTransfer {
  const items = Object.entries(tree).map(([name, node]) => ({ kind: 'file', webkitGetAsEntry: () => entry(name, node) }));
  return { items, files: [] } as unknown as DataTransfer;
}

describe('fromDrop', () => {
  it('takes files and folders to their last leaf, with their place', async () => {
    const files = await fromDrop(drop({ 'a.txt': '1', home: { 'b.txt': '2', mail: { c: '3', d: '4', e: '5' }, empty: {} } }));
    expect(files.map(({ path, name }) => `${path}|${name}`).sort()).toEqual(['home/mail|c', 'home/mail|d', 'home/mail|e', 'home|b.txt', '|a.txt']);
  });

  it('takes what a browser without folders gives', async () => {
    const transfer = { items: [], files: [Object.assign(new File(['x'], 'x.bin'), { webkitRelativePath: '' })] } as unknown as DataTransfer;
    expect(await fromDrop(transfer)).toMatchObject([{ name: 'x.bin', path: '' }]);
  });
});

it('reads the place of a file from a chosen folder', () => {
  const file = Object.assign(new File(['x'], 'x.bin'), { webkitRelativePath: 'home/mail/x.bin' });
  expect(fromInput([file])).toMatchObject([{ name: 'x.bin', path: 'home/mail' }]);
});

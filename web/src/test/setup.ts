import '@testing-library/jest-dom/vitest';
import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

afterEach(() => { cleanup(); });

// jsdom has neither; the component kit asks for both.
window.matchMedia = (query: string) => ({
  matches: false, media: query, onchange: null,
  addListener: () => undefined, removeListener: () => undefined,
  addEventListener: () => undefined, removeEventListener: () => undefined, dispatchEvent: () => false,
});
window.ResizeObserver = class {
  observe(): void { /* nothing is laid out here */ }
  unobserve(): void { /* nothing is laid out here */ }
  disconnect(): void { /* nothing is laid out here */ }
};

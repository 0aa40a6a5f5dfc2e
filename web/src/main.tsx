import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import '@mantine/core/styles.css';
import './theme/global.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { shareStyleNonce } from './theme/styleNonce';

shareStyleNonce();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no root');
createRoot(root).render(<StrictMode><App /></StrictMode>);

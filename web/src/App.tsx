import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createBrowserRouter, RouterProvider } from 'react-router';
import { newQueryClient } from './api/queryClient';
import { ZoneProvider } from './display/ZoneProvider';
import { UploadProvider } from './intake/UploadProvider';
import { routes } from './routes';
import { styleNonce } from './theme/styleNonce';
import { cssVariables, theme } from './theme/theme';

/** The pages with everything that they share. */
export function App() {
  const [client] = useState(newQueryClient);
  const [router] = useState(() => createBrowserRouter(routes));
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={client}>
        <ZoneProvider>
          <UploadProvider>
            <RouterProvider router={router} />
          </UploadProvider>
        </ZoneProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

import { Button, Combobox, Group, ScrollArea, Text, useCombobox } from '@mantine/core';
import { IconSelector } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { caseClasses } from '../cases/classes';
import { caseQuery } from '../cases/queries';
import { findCases, useCases } from '../cases/useCases';
import { StateDot } from '../cases/StateDot';

/** Top left: which case is open, and the way to another. */
export function CaseSwitcher() {
  const { case: current = '' } = useParams();
  const navigate = useNavigate();
  const [search, setSearch] = useState('');
  const { cases = [], hasNextPage } = useCases({ all: search.trim() !== '' });
  const { data: detail } = useQuery({ ...caseQuery(current), enabled: current !== '' });
  const combobox = useCombobox({
    onDropdownClose: () => { combobox.resetSelectedOption(); setSearch(''); },
    onDropdownOpen: () => { combobox.focusSearchInput(); },
  });
  const here = current === '' ? undefined : detail?.case;
  const found = findCases(cases, search).slice(0, 50);
  return (
    <Combobox store={combobox} width={320} position="bottom-start" onOptionSubmit={(id) => { combobox.closeDropdown(); void navigate(`/cases/${id}`); }}>
      <Combobox.Target targetType="button">
        <Button variant="default" size="sm" px="sm" maw={{ base: 150, sm: 260 }} rightSection={<IconSelector size={14} />} onClick={() => { combobox.toggleDropdown(); }} aria-label={here ? `Case ${here.number}; switch case` : 'Switch case'}>
          <Text span size="sm" truncate>{here ? here.number : 'Choose a case'}</Text>
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search value={search} onChange={(e) => { setSearch(e.currentTarget.value); }} placeholder="Number or title" aria-label="Find a case" />
        <ScrollArea.Autosize mah={320} type="auto">
          <Combobox.Options aria-label="Cases">
            {found.map(({ case: c }) => (
              <Combobox.Option key={c.id} value={c.id} active={c.id === current}>
                <Group gap="xs" wrap="nowrap">
                  <StateDot state={c.state} />
                  <div style={{ minWidth: 0 }}>
                    <Text size="sm" truncate>{c.title}</Text>
                    <Text size="xs" c="dimmed">{c.number}{c.class !== 'ordinary' && ` · ${caseClasses[c.class].label}`}</Text>
                  </div>
                </Group>
              </Combobox.Option>
            ))}
            {found.length === 0 && <Combobox.Empty>{cases.length === 0 ? 'You are in no case yet' : hasNextPage ? 'Searching…' : 'No case matches'}</Combobox.Empty>}
          </Combobox.Options>
        </ScrollArea.Autosize>
      </Combobox.Dropdown>
    </Combobox>
  );
}

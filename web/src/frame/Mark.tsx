/** The program's mark: an evidence box with its seal. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#17506b" />
      <path d="M9 9.5h14v4.5H9zm1.5 5.5h11v8h-11z" fill="none" stroke="#fff" strokeWidth="2" strokeLinejoin="round" />
      <circle cx="16" cy="19" r="2.2" fill="#e0a63a" />
    </svg>
  );
}

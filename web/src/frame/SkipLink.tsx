import classes from './SkipLink.module.css';

/** The first stop of the keyboard: past the frame, to the page. */
export function SkipLink() {
  return <a className={classes.link} href="#main">Skip to the page</a>;
}

// Dates and times as potentiostats and cyclers write them, on their own clocks, without a time zone.

/** "12:34:56.7", "1-02:03:04" or "1 02:03:04" (days) in s; undefined for other texts. */
export function elapsedIn(text: string): number | undefined {
  const found = /^(?:(\d+)[-\s.]\s*)?(\d+):([0-5]?\d):([0-5]?\d(?:[.,]\d+)?)$/.exec(text.trim());
  if (!found) return undefined;
  const [, days = "0", hours, minutes, seconds] = found;
  return (
    86_400 * Number(days) + 3600 * Number(hours) + 60 * Number(minutes) + Number(seconds.replace(",", "."))
  );
}

const TIME = "[T ]+(\\d{1,2}):(\\d{2}):(\\d{2}(?:[.,]\\d+)?)";
const YEAR_FIRST = new RegExp(`^(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})${TIME}$`);
const MONTH_FIRST = new RegExp(`^(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4})${TIME}$`);

/** "2022-07-26 22:38:30" in s since 1970 of the same clock; undefined for texts in another order. */
export function dateIn(text: string): number | undefined {
  const [, year, month, day, ...time] = YEAR_FIRST.exec(text.trim()) ?? [];
  return year === undefined ? undefined : secondsOf(year, month, day, time);
}

/** "07/26/2022 22:38:30.190", as EC-Lab writes it, in s since 1970 of the same clock; undefined for others. */
export function americanDateIn(text: string): number | undefined {
  const [, month, day, year, ...time] = MONTH_FIRST.exec(text.trim()) ?? [];
  return year === undefined ? dateIn(text) : secondsOf(year, month, day, time);
}

function secondsOf(year: string, month: string, day: string, time: readonly string[]): number | undefined {
  const [hours, minutes] = time.map(Number);
  const seconds = Number(time[2].replace(",", "."));
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // 13/07 and 31/02 are no dates in this order.
  const isDate = at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day);
  const isTime = hours < 24 && minutes < 60 && seconds < 60;
  return isDate && isTime ? at.getTime() / 1000 + 3600 * hours + 60 * minutes + seconds : undefined;
}

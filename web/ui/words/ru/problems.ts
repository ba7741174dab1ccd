import type { problems as English } from '../en/problems.ts';
import { pluralOf } from '../plural.ts';

const plural = pluralOf('ru');
const characters = (count: number) => plural(count, { one: 'символа', many: 'символов' });

export const problems: typeof English = {
  unreachable: {
    head: 'Startlist не отвечает.',
    hint: 'Проверьте подключение и попробуйте ещё раз чуть позже.',
  },
  unexpected: {
    head: 'На странице произошла ошибка.',
    hint: 'Обновите страницу. Если ошибка повторится, напишите в поддержку.',
  },
  refused: 'Запрос отклонён.',
  kinds: {
    invalid_input: { head: 'Проверьте форму.' },
    unauthenticated: { head: 'Вы не вошли в аккаунт.', hint: 'Войдите и попробуйте ещё раз.' },
    forbidden: { head: 'Недостаточно прав.' },
    not_found: { head: 'Ничего не найдено.', hint: 'Проверьте адрес или вернитесь к списку событий.' },
    conflict: { head: 'Это невозможно.' },
    too_many_requests: { head: 'Слишком много попыток.', hint: 'Подождите минуту и попробуйте ещё раз.' },
    internal: { head: 'Ошибка на нашей стороне.', hint: 'Мы записали её в журнал. Попробуйте ещё раз чуть позже.' },
    unavailable: { head: 'Временно недоступно.', hint: 'Ничего не сохранено. Попробуйте ещё раз чуть позже.' },
    outcome_unknown: {
      head: 'Связь прервалась, и мы не знаем, выполнен ли запрос.',
      hint: 'Проверьте результат, прежде чем повторять.',
    },
  },
  fields: {
    too_short: (limit) => `Не меньше ${limit} ${characters(limit)}.`,
    too_long: (limit) => `Не больше ${limit.toLocaleString('ru')} ${characters(limit)}.`,
    too_small: (limit) => `Не меньше ${limit}.`,
    too_large: (limit) => `Не больше ${limit}.`,
    any: 'Проверьте это поле.',
  },
  typed: {
    amount: (example) => `Введите сумму в таком виде: ${example}.`,
    count: 'Введите целое число, например 250.',
    too_large: 'Слишком большое число.',
    skipped_hour:
      'В это время часы переводят вперёд, и такого времени не будет. Выберите более раннее или более позднее.',
  },
  reasons: {
    common_password: () => 'Слишком распространённый пароль. Придумайте другой.',
    same_as_login: () => 'Пароль не должен совпадать с логином.',
    wrong_password: () => 'Неверный текущий пароль.',
    token_spent: () => 'Ссылка уже использована или устарела. Попросите у администратора новую.',
    login_taken: () => 'Логин занят. Выберите другой.',
    login_looks_taken: () => 'Этот логин не отличить от уже занятого. Выберите другой.',
    login_mixes_alphabets: () => 'Используйте в логине буквы одного алфавита.',
    invisible_characters: () => 'Используйте только видимые символы.',
    last_admin: () => 'Это последний администратор. Сначала назначьте другого.',
    too_many_tokens: ({ limit }) => `Достигнут лимит токенов: ${limit}. Отзовите ненужный.`,
    balance_too_low: ({ balance, amount }) => `На балансе ${balance}: выплатить ${amount} нельзя.`,
    amount_too_large: () => 'Слишком большая сумма.',
    reference_used: () => 'Это основание уже указано в другой операции.',
    slots_taken: ({ taken }) => `Уже занято: ${taken}. Меньше указать нельзя.`,
    unknown_login: () => 'Человека с таким логином нет.',
    is_organizer: () => 'Этот человек уже организатор события.',
    not_an_organizer: () => 'Этот человек не организатор. Роль может дать администратор.',
    handed_over: () => 'Событие тем временем передали. Обновите страницу.',
    opens_after_start: () => 'Запись открывалась бы после начала события.',
    closes_before_opening: () => 'Запись закрывалась бы раньше, чем открывается.',
    event_canceled: () => 'Событие отменено, изменить его нельзя.',
    other_event: ({ booking_id, event_id, event_name }) =>
      `Запись ${booking_id} на другое событие: ${event_name} (${event_id}). Билет не погашен.`,
    not_complete: () => 'Запись не подтверждена или отменена.',
    too_late: ({ until }) => `Срок отмены прошёл: ${until}.`,
    checked_in: ({ at }) => `Вход отмечен: ${at}. Отменить запись уже нельзя.`,
  },
};

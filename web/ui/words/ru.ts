import type { Words } from './en.ts';
import { pluralOf } from './plural.ts';

const plural = pluralOf('ru');
const slots = (count: number) => plural(count, { one: 'место', few: 'места', many: 'мест' });

/** All texts in Russian. */
export const ru: Words = {
  name: 'Русский',
  short: 'RU',
  loading: 'Загружается…',
  again: 'Попробовать ещё раз',
  keepIt: 'Оставить как есть',
  free: 'бесплатно',
  following: { connecting: 'соединяемся…', live: 'обновляется', away: 'нет связи, пробуем ещё раз…' },

  frame: {
    skip: 'К содержанию',
    navigation: 'Страницы',
    events: 'События',
    bookings: 'Мои записи',
    organize: 'Организатору',
    operate: 'Состояние',
    signIn: 'Войти',
    signOut: 'Выйти',
    balance: 'Мой счёт',
    account: 'Мои данные',
    about: 'Startlist: мест столько, сколько есть, и ни одного лишнего.',
    api: 'API',
    themes: { auto: 'Тема: как в системе', light: 'Тема: светлая', dark: 'Тема: тёмная' },
  },

  nowhere: { title: 'Ничего нет', head: 'По этому адресу страницы нет.', toEvents: 'Ко всем событиям' },

  problems: {
    unreachable: {
      head: 'Startlist не отвечает.',
      hint: 'Проверьте соединение. Ничего не потеряно: попробуйте ещё раз чуть позже.',
    },
    unexpected: {
      head: 'На этой странице произошла ошибка.',
      hint: 'Обновите её. Если повторится, сообщите тому, кто держит этот Startlist.',
    },
    refused: 'Startlist отказал.',
    kinds: {
      invalid_input: { head: 'В форме что-то не так.' },
      unauthenticated: { head: 'Вы не вошли.', hint: 'Войдите и попробуйте ещё раз.' },
      forbidden: { head: 'Вам это не разрешено.' },
      not_found: { head: 'Такого нет.', hint: 'Проверьте адрес или вернитесь ко всем событиям.' },
      conflict: { head: 'Сейчас так нельзя.' },
      too_many_requests: { head: 'Слишком часто.', hint: 'Подождите минуту и попробуйте ещё раз.' },
      internal: { head: 'Ошибка на нашей стороне.', hint: 'Она записана в журнал. Попробуйте ещё раз чуть позже.' },
      unavailable: { head: 'Сейчас недоступно.', hint: 'Ничего не сохранено. Попробуйте ещё раз чуть позже.' },
      outcome_unknown: {
        head: 'Связь прервалась, и неизвестно, выполнено ли это.',
        hint: 'Посмотрите, выполнено ли, прежде чем пробовать ещё раз.',
      },
    },
  },

  signIn: {
    title: 'Вход',
    login: 'Логин',
    password: 'Пароль',
    go: 'Войти',
    wrong: 'Логин и пароль не подходят друг к другу. Проверьте их и попробуйте ещё раз.',
    noAccount: 'Впервые здесь?',
    toSignUp: 'Зарегистрироваться',
    needed: 'Войдите, чтобы это увидеть.',
    notYours: 'Эта страница не для вас.',
    askAdmin: 'Нужную роль может дать администратор.',
  },

  signUp: {
    title: 'Регистрация',
    firstName: 'Имя',
    lastName: 'Фамилия',
    email: 'Эл. почта',
    passwordHint: 'Длинный, и только для этого сайта.',
    go: 'Зарегистрироваться',
    taken: 'Такой логин уже есть. Выберите другой.',
    haveAccount: 'Уже регистрировались?',
  },

  events: {
    title: 'События',
    intro: 'Сколько мест осталось в эту минуту.',
    find: 'Найти событие',
    none: 'Событий пока нет.',
    noneHint: 'Они появятся здесь, как только организатор создаст первое.',
    createFirst: 'Создать первое событие',
    noneFound: 'Такого события нет.',
    noneFoundHint: 'Введите меньше букв или другое место.',
    strips: { open: 'ОСТАЛОСЬ', not_open: 'ЕЩЁ ЗАКРЫТО', sold_out: 'МЕСТ НЕТ', canceled: 'ОТМЕНЕНО', over: 'ПРОШЛО' },
    leftOf: (_left, total) => `из ${total.toLocaleString('ru')}`,
    opensAt: (at) => `Запись откроется: ${at}`,
    filled: (share) => `занято ${share}`,
  },

  event: {
    booking: 'Запись',
    organize: 'Управлять этим событием',
    startsAt: 'Когда',
    venue: 'Где',
    price: 'Цена',
    slots: 'Мест',
    saleOpens: 'Запись откроется',
    maxPerPerson: 'Не больше на человека',
    cancelUntil: 'Отменить можно до',
    canceled: (at) => `Это событие отменено: ${at}.`,
    givenBack: (given, of) => (of === 0 ? 'Никто не успел записаться.' : `Деньги возвращены: ${given} из ${of}.`),
    signInToBook: 'Войти и записаться',
    book: (price) => `Записаться за ${price}`,
    bookFree: 'Записаться бесплатно',
    balance: (amount) => `На вашем счёте: ${amount}`,
  },

  outcome: {
    underWay: 'Записываем…',
    complete: (id) => `Вы в списке: запись ${id}.`,
    paid: (price) => `Со счёта списано: ${price}.`,
    toTicket: 'К билету',
    missing: (amount) => `Пополните счёт на ${amount} и запишитесь ещё раз. Место освобождено, ничего не списано.`,
    topUpAndBook: (amount) => `Пополнить на ${amount} и записаться`,
    enoughNow: 'Теперь хватает: записаться ещё раз',
    refunded: (price) => `На счёт возвращено: ${price}.`,
    reasons: {
      no_slots: {
        short: 'мест нет',
        head: 'Мест нет: кто-то успел раньше.',
        hint: 'Ничего не списано. Когда кто-нибудь откажется, число мест снова вырастет.',
      },
      no_such_event: { short: 'нет такого события', head: 'Такого события нет.', hint: 'Ничего не списано.' },
      insufficient_funds: {
        short: 'не хватило денег',
        head: 'Не хватает денег.',
        hint: 'Пополните счёт и запишитесь ещё раз. Ничего не списано.',
      },
      by_owner: { short: 'вами', head: 'Вы отменили эту запись.', hint: 'Можно записаться снова.' },
      event_canceled: {
        short: 'событие отменено',
        head: 'Событие отменено.',
        hint: 'Всё, что было уплачено, снова на вашем счёте.',
      },
      sales_not_open: {
        short: 'запись не открыта',
        head: 'Запись ещё не открылась.',
        hint: 'Ничего не списано. Возвращайтесь, когда откроется.',
      },
      limit_per_person: {
        short: 'предел на человека',
        head: 'У вас уже столько мест, сколько можно одному человеку.',
        hint: 'Ничего не списано. Отмените одну из своих записей, чтобы занять другое место.',
      },
      undone: { short: 'отозвана', head: 'Эта запись отозвана.', hint: 'Ничего не списано. Можно записаться снова.' },
    },
  },

  states: {
    occupying: 'занимаем место',
    paying: 'оплачиваем',
    complete: 'готово',
    refunding: 'возвращаем деньги',
    releasing: 'освобождаем место',
    canceled: 'отменена',
    checked_in: 'отмечен на входе',
  },

  saga: {
    title: 'Сага этой записи',
    replay: 'Повторить медленно',
    underWay: 'Идёт.',
    settledIn: (time) => `Завершена за ${time} работы.`,
    note: 'Нарисовано по записанному: время каждого шага считается от первого.',
    waiting: 'ждём…',
    later: (time) => `— прошло ${time} —`,
    lifelines: { person: 'User', book: 'Book', events: 'Event', account: 'Account' },
    messages: {
      register: 'записать',
      occupy: 'занять',
      occupied: 'занято',
      occupy_refused: 'отказ',
      pay: 'оплатить',
      paid: 'оплачено',
      pay_refused: 'отказ',
      complete: 'готово',
      cancel: 'отменить',
      event_canceled: 'событие снято',
      undone: 'отозвать',
      refund: 'вернуть',
      refunded: 'возвращено',
      release: 'освободить',
      released: 'свободно',
      canceled: 'отменена',
    },
  },

  bookings: {
    title: 'Мои записи',
    none: 'Вы ещё никуда не записались.',
    noneHint: 'Выберите событие: один щелчок, и билет появится здесь.',
    toEvents: 'Ко всем событиям',
    eventOf: (id) => `Событие ${id}`,
    cancel: 'Отменить запись',
    cancelHead: 'Освободить место?',
    cancelHint: (price) => `${price} вернётся на ваш счёт. Место сразу может занять другой.`,
    cancelFreeHint: 'Место сразу может занять другой.',
    until: (at) => `Отменить можно до: ${at}.`,
    tooLate: (at) => `Отменить можно было до: ${at}.`,
    checkedIn: (at) => `Отмечен на входе: ${at}. Отменить уже нельзя.`,
  },

  ticket: {
    title: 'Билет',
    code: 'Код на входе',
    qr: 'QR-код билета',
    calendar: 'В календарь',
    print: 'Напечатать',
  },

  wallet: {
    title: 'Мой счёт',
    balance: 'На счёте',
    amount: 'Сумма',
    topUp: 'Пополнить',
    demo: 'Это демонстрация: деньги появляются, когда их попросят.',
  },

  slots,
};
